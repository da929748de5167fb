import { placeOf } from '../../model/collections.ts'
import { schemaGrant, wallStatements } from './postgres-wall.ts'
import { completeness, indexedColumns, quoted, type SqlIndex, type Table, tables } from './tables.ts'

/** The schema that holds the documents' tables, apart from what else is in the database. */
const schema = 'documents'

export function tableName({ name }: Table): string {
  return `${schema}.${quoted(name)}`
}

/** The SQL that brings a database from what `applied`, the text of all migrations so far, made to what `tables` says; '' for nothing. */
export function nextMigration(applied: string): string {
  const present = presentIn(applied)
  const wanted = new Set([...tables.values()].flatMap(({ indexes }) => [...indexes.values()].map(({ sqlName }) => sqlName)))
  const outdated = [...present.indexes].filter((name) => !wanted.has(name))
  return [
    ...(applied === '' ? [foundation] : []),
    ...outdated.map((name) => `DROP INDEX ${schema}.${quoted(name)};`),
    ...[...tables.values()].flatMap((table) => tableStatements(table, present)),
    ...(present.grants.size === 0 ? [schemaGrant(schema)] : []),
    ...[...tables.values()].filter(({ name }) => !present.grants.has(name)).flatMap((table) => wallStatements(table, schema)),
    ...[...tables.values()].filter(({ name }) => !present.seals.has(name)).flatMap(sealStatements),
  ].join('\n\n')
}

interface Present {
  readonly tables: ReadonlySet<string>
  /** `TABLE COLUMN` */
  readonly columns: ReadonlySet<string>
  readonly indexes: ReadonlySet<string>
  /** Tables whose wall stands. */
  readonly grants: ReadonlySet<string>
  /** Tables that are sealed. */
  readonly seals: ReadonlySet<string>
}

/** Reads only what this file writes. */
function presentIn(applied: string): Present {
  const found = (pattern: RegExp) => [...applied.matchAll(pattern)].map(([, ...groups]) => groups.join(' '))
  const created = [...applied.matchAll(/^CREATE TABLE documents\."(\w+)" \(([^;]*)\);$/gm)]
  const dropped = new Set(found(/^DROP INDEX documents\."([^"]+)";$/gm))
  const lines = created.flatMap(([, table, body = '']) => [...body.matchAll(/^ {2}"([^"]+)"/gm)].map(([, column]) => `${table} ${column}`))
  return {
    tables: new Set(created.map(([, table = '']) => table)),
    columns: new Set([...lines, ...found(/^ALTER TABLE documents\."(\w+)" ADD COLUMN "([^"]+)"/gm)]),
    grants: new Set(found(/^GRANT [^;]* ON documents\."(\w+)" TO/gm)),
    seals: new Set(found(/^CREATE TRIGGER sealed [^;]* ON documents\."(\w+)"/gm)),
    indexes: new Set(found(/^CREATE INDEX "([^"]+)"/gm).filter((name) => !dropped.has(name))),
  }
}

function tableStatements(table: Table, present: Present): string[] {
  const isNew = !present.tables.has(table.name)
  const missing = isNew ? [] : table.columns.filter(({ name }) => !present.columns.has(`${table.name} ${name}`))
  const filled = missing.map(({ name, steps }) => `${quoted(name)} = ${schema}.index_key(body #> '{${steps.join(',')}}')`)
  return [
    ...(isNew ? [createTable(table)] : missing.map(({ name }) => `ALTER TABLE ${tableName(table)} ADD COLUMN ${column(name)};`)),
    ...(filled.length > 0 ? [`UPDATE ${tableName(table)} SET ${filled.join(', ')};`] : []),
    ...[...table.indexes.values()].filter(({ sqlName }) => !present.indexes.has(sqlName)).map((index) => createIndex(table, index)),
  ]
}

function createTable(table: Table): string {
  const lines = [
    'parent text COLLATE "C" NOT NULL',
    'id text COLLATE "C" NOT NULL',
    'version bigint NOT NULL',
    'body jsonb',
    'raw text',
    ...table.columns.map(({ name }) => column(name)),
    'PRIMARY KEY (parent, id)',
    'CHECK (num_nonnulls(body, raw) = 1)',
  ]
  return `CREATE TABLE ${tableName(table)} (\n  ${lines.join(',\n  ')}\n);`
}

/** What is sealed is not changed, and taken away only once it lies in the archive; a superuser can take the trigger away. */
function sealStatements(table: Table): string[] {
  const { sealedBeside } = table
  if (sealedBeside === undefined) return []
  const { collection, id } = placeOf(sealedBeside)
  const refusal = `${schema}.${table.name.toLowerCase()}_sealed`
  return [
    `CREATE FUNCTION ${refusal}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND OLD.id <= coalesce((SELECT body ->> 'archivedTo' FROM ${schema}.${quoted(collection)} WHERE parent = '' AND id = '${id}'), '') COLLATE "C" THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'sealed';
END
$$;`,
    `CREATE TRIGGER sealed BEFORE UPDATE OR DELETE ON ${tableName(table)} FOR EACH ROW EXECUTE FUNCTION ${refusal}();`,
    `CREATE TRIGGER emptied BEFORE TRUNCATE ON ${tableName(table)} EXECUTE FUNCTION ${refusal}();`,
  ]
}

function column(name: string): string {
  return `${quoted(name)} text COLLATE "C"`
}

function createIndex(table: Table, index: SqlIndex): string {
  return `CREATE INDEX ${quoted(index.sqlName)} ON ${tableName(table)} (${indexedColumns(index)})\n  WHERE ${completeness(index)};`
}

const foundation = `-- Documents: a table per collection. The body is jsonb; raw holds, as JSON text, the rare body with a NUL or a lone
-- surrogate, which jsonb cannot. Columns named $.… are what indexes sort by, written with the body; index_key says how
-- a value lies there, so that numbers come before text and text is ordered by code point.
CREATE SCHEMA ${schema};

CREATE FUNCTION ${schema}.index_key(value jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE jsonb_typeof(value)
    WHEN 'number' THEN chr(1) || (
      SELECT CASE WHEN number < 0 THEN translate(bits, '0123456789abcdef', 'fedcba9876543210')
                  ELSE translate(left(bits, 1), '01234567', '89abcdef') || substr(bits, 2) END
      FROM (SELECT (value #>> '{}')::float8 AS number, encode(float8send((value #>> '{}')::float8), 'hex') AS bits) AS double)
    WHEN 'string' THEN (
      SELECT CASE WHEN ascii(escaped) <= 2 THEN chr(2) || escaped ELSE escaped END
      FROM (SELECT replace(value #>> '{}', chr(1), chr(1) || chr(2)) AS escaped) AS text)
  END
$$;`
