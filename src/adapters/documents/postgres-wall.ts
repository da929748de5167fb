import { type Collection, type CollectionName, collectionNames, collections } from '../../model/collections.ts'
import { Problem } from '../../model/problem.ts'
import type { Opening } from '../postgres/opened-query.ts'
import { openPostgres, type Postgres, type Statement } from '../postgres/pool.ts'
import { sqlStateOf } from '../postgres/problem.ts'
import type { PersonsWay } from './postgres-commits.ts'
import { quoted, type Table, tableFor } from './tables.ts'

/**
 * Who a call for one person is in the database. A role of PostgreSQL's own: its database's owner and every superuser may take it without
 * anybody's leave, it owns none of our tables, so that their policies hold for it, and in another database it is nobody.
 */
const asker = 'pg_database_owner'
const person = `current_setting('app.user', true)`

export function schemaGrant(schema: string): string {
  return `GRANT USAGE ON SCHEMA ${schema} TO ${asker};`
}

/** What a call for one person may do in a table, as SQL. Whoever else has a right to the table is not held by it. */
export function wallStatements(table: Table, schema: string): string[] {
  const name = `${schema}.${quoted(table.name)}`
  const { behindWall }: Collection = collections[table.name]
  if (behindWall === 'shut') return []
  // To find that nothing is there under the key yet takes the right to see keys.
  if (behindWall === 'added') return [`GRANT INSERT, SELECT (parent, id) ON ${name} TO ${asker};`]
  if (isNobodys(table.name)) return [`GRANT SELECT ON ${name} TO ${asker};`]
  return [
    `GRANT SELECT${collections[table.name].personal ? ', INSERT, UPDATE, DELETE' : ''} ON ${name} TO ${asker};`,
    `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY;`,
    // An OR serves no index: which one is used, the query's own conditions say.
    `CREATE POLICY one_person ON ${name}\n  USING (current_user <> '${asker}' OR ${isPersons(table, schema)});`,
  ]
}

/** Whether nothing in a collection is about anybody. */
export function isNobodys(name: CollectionName): boolean {
  const { personal, behindWall }: Collection = collections[name]
  return !personal && behindWall === undefined && !namesPerson(tableFor(name))
}

function namesPerson({ columns }: Table): boolean {
  return columns.some(({ name }) => name === '$.userId')
}

/** When a row is the person's. */
function isPersons(table: Table, schema: string): string {
  const segments = collections[table.name].path.split('/')
  if (segments[0] === 'users') return segments.length === 2 ? `id = ${person}` : `split_part(parent, '/', 2) = ${person}`
  if (segments.length > 2) return isAbovePersons(table.name, segments.slice(0, -2).join('/'), schema)
  return namesPerson(table) ? `"$.userId" = ${person}` : `body ->> 'userId' = ${person}`
}

/** What is below something of a person's is theirs: the policy of the table above holds within this one. */
function isAbovePersons(name: string, path: string, schema: string): string {
  const above = collectionNames.find((other) => collections[other].path === path) ?? name
  return `EXISTS (SELECT FROM ${schema}.${quoted(above)} AS above WHERE above.parent = '' AND above.id = split_part(${quoted(name)}.parent, '/', 2))`
}

/** The database as a call for one person has it: in each transaction it is `asker`, and `app.user` says whom it is for. */
export function wall(postgres: Postgres): PersonsWay {
  return {
    alone(userId) {
      const { ask, read, look, transaction } = postgres.openingWith(openingFor(userId))
      return {
        ask: (statement) => told(ask(ofAsker(statement))),
        read: (statement) => told(read(ofAsker(statement))),
        look: (statement) => told(look(ofAsker(statement))),
        transaction: (work, options) => told(transaction((within) => work((statement) => within(ofAsker(statement))), options)),
      }
    },
    within(ask, userId) {
      const opened = ask({ text: openingText, values: [userId], name: 'for_one_person_within' })
      return (statement) => told(Promise.all([ask(ofAsker(statement)), opened]).then(([reply]) => reply))
    },
  }
}

/** Where the wall does not stand. */
export function noWall(postgres: Postgres): PersonsWay {
  return { alone: () => postgres, within: (ask) => ask }
}

/** It gives no row: neither is null. Whoever has it becomes `asker`, and says whom it is for, until its transaction ends. */
const openingText = `SELECT 1 WHERE set_config('role', '${asker}', true) IS NULL OR set_config('app.user', $1, true) IS NULL`

/** What each connection is to be told at its start. */
export const walling = `PREPARE for_one_person (text) AS ${openingText}`

function openingFor(userId: string): Opening {
  return { prepared: 'for_one_person', text: openingText, values: [userId] }
}

/** A plan holds for one role: prepared under a name of its own, it need not be made again whenever the other comes. */
function ofAsker(statement: Statement): Statement {
  return statement.name === undefined ? statement : { ...statement, name: `${statement.name}_asker` }
}

/** No caller can mean to touch what is not theirs under their own name: where it comes to that, it is a bug of ours. */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isForbidden(error)) throw new Error('A call for one person was about to touch what is not theirs', { cause: error })
    throw error
  }
}

function isForbidden(error: unknown): boolean {
  return error instanceof Problem && sqlStateOf(error.cause) === '42501'
}

/** Whether whoever connects may be `asker`. Asked once: it is a matter of who owns the database. */
export async function hasWall(postgres: Postgres): Promise<boolean> {
  try {
    await postgres.openingWith(openingFor('')).read({ text: 'SELECT 1' })
    return true
  } catch (error) {
    if (isForbidden(error)) return false
    throw error
  }
}

/** What keeps the second wall of this database from standing, and what to do; undefined where it stands. */
export async function wallFaultOf(url: string): Promise<string | undefined> {
  await using postgres = await openPostgres(url, { connections: 1, settings: walling })
  if (await hasWall(postgres)) return undefined
  return 'Whoever connects neither owns the database nor is a superuser; ALTER DATABASE … OWNER TO … makes them its owner'
}
