import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { encodeCursor } from '../../src/adapters/documents/cursor.ts'
import { planPage } from '../../src/adapters/documents/page.ts'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { planning, postgresDialect } from '../../src/adapters/documents/postgres-dialect.ts'
import { tables } from '../../src/adapters/documents/tables.ts'
import { openPostgres, type Postgres } from '../../src/adapters/postgres/pool.ts'
import { type Collection, collections } from '../../src/model/collections.ts'
import type { ListQuery, Write } from '../../src/ports/documents.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Postgres as Server, startPostgres } from '../engines/postgres.ts'
import { put } from './expectations.ts'

interface Step {
  readonly 'Node Type': string
  readonly 'Index Name'?: string
  readonly 'Index Cond'?: string
  readonly Plans?: readonly Step[]
}

const declared = [...tables.values()].flatMap((table) =>
  [...table.indexes].map(([index, { columns, sqlName }]) => ({ collection: table.name, index, columns, sqlName })),
)

const shut: readonly string[] = Object.entries<Collection>(collections)
  .filter(([, { behindWall }]) => behindWall !== undefined)
  .map(([name]) => name)

const asked = [
  ['for anybody', ''],
  ['for one person, behind the second wall', `; SET ROLE pg_database_owner; SET "app.user" = 'u1'`],
] as const

const server = await startPostgres()
afterAll(async () => {
  if (!('missing' in server)) await server.stop()
})

describe.each(asked)('%s', (_, role) => {
  describeEngine('plans of PostgreSQL', server, (server) => plans(server, role))
})

function plans(server: Server, role: string): void {
  let postgres: Postgres
  beforeAll(async () => {
    const url = await server.createDatabase()
    await using documents = await openPostgresDocuments(url)
    for (let user = 0; user < 20; user += 1) await documents.batch(Array.from({ length: 100 }, (_, n) => documentsOf(`u${user}`, n)).flat())
    // A plan made without the values, as a prepared statement gets after some calls, is the harder one.
    await using owner = await openPostgres(url, { connections: 1 })
    await owner.ask({ text: 'ANALYZE' })
    postgres = await openPostgres(url, { connections: 1, settings: `${planning}; SET plan_cache_mode = force_generic_plan${role}` })
  })
  afterAll(() => postgres.close())

  async function stepsOf(query: ListQuery): Promise<Step[]> {
    const { sql, values } = planPage(postgresDialect, query)
    await postgres.ask({ text: `PREPARE asked AS ${sql}` })
    try {
      // EXPLAIN EXECUTE takes no parameters; these values are the test's own.
      const literals = values.map((value) => `'${value}'`).join(', ')
      const { rows } = await postgres.ask({ text: `EXPLAIN (FORMAT JSON) EXECUTE asked(${literals})` })
      return rows.flatMap((row) => (row['QUERY PLAN'] as readonly { Plan: Step }[]).flatMap(({ Plan }) => flat(Plan)))
    } finally {
      await postgres.ask({ text: 'DEALLOCATE asked' })
    }
  }

  // What is shut behind the wall has no plan there.
  const readable = declared.filter(({ collection }) => role === '' || !shut.includes(collection))
  test.each(readable)('$collection by $index is read in order from its index, for every number of equal fields', async (row) => {
    const { collection, index, columns, sqlName } = row
    for (let count = 0; count <= columns.length; count += 1) {
      const steps = await stepsOf({ collection, index, equals: Array.from({ length: count }, () => 'x'), limit: 10 })
      expect(steps.slice(0, 2).map((step) => step['Node Type'])).toEqual(['Limit', 'Index Scan'])
      expect(steps[1]?.['Index Name']).toBe(sqlName)
      // Behind the wall, whose the thing above a document is.
      for (const above of steps.slice(2)) expect(above['Index Name']).toMatch(/^(?:jobs|webhooks)_pkey$/)
      if (count > 0) expect(steps[1]?.['Index Cond']).toContain('$1')
    }
  })

  test('below a parent that its id leads, an index is searched and not sorted', async () => {
    const query = { collection: 'healthSessions', parent: 'users/u1', index: 'userStart', equals: ['u1'], from: '2024', limit: 20 }
    const steps = await stepsOf(query)
    expect(steps.map((step) => step['Node Type'])).toEqual(['Limit', 'Index Scan'])
    expect(steps[1]?.['Index Name']).toMatch(/^healthSessions\.userStart\./)
    expect(steps[1]?.['Index Cond']).toContain('"$.sessionInfo.startTime" >= ')
  })

  test('a list by id is read from the primary key, of one parent and of all', async () => {
    for (const parent of [{ parent: 'users/u1' }, {}]) {
      const steps = await stepsOf({ collection: 'healthSessions', ...parent, limit: 20 })
      expect(steps.map((step) => step['Node Type'])).toEqual(['Limit', 'Index Scan'])
      expect(steps[1]?.['Index Name']).toBe('healthSessions_pkey')
    }
  })

  test('a second page starts at its cursor and not at the head of the index', async () => {
    const query = { collection: 'healthSessions', index: 'userStart', equals: ['u1'], limit: 20 }
    const steps = await stepsOf({ ...query, cursor: encodeCursor(query, ['2024-01-12T10:00:00Z', 's3', 'users/u1']) })
    expect(steps.map((step) => step['Node Type'])).toEqual(['Limit', 'Index Scan'])
    expect(steps[1]?.['Index Cond']).toContain('"$.sessionInfo.startTime" <= ')
  })
}

function flat(step: Step): Step[] {
  return [step, ...(step.Plans ?? []).flatMap(flat)]
}

/** Without rows each index is as good as any other. */
function documentsOf(userId: string, n: number): Write[] {
  const startTime = `2024-01-${10 + (n % 20)}T${10 + (n % 7)}:00:00Z`
  const date = startTime.slice(0, 10)
  return [
    put(`users/${userId}/healthSessions/s${n}`, { userId, localDate: date, sessionInfo: { startTime } }),
    put(`users/${userId}/days/d${n}`, { userId, date }),
    put(`users/${userId}/insights/i${n}`, { userId, date, type: `t${n % 3}` }),
  ]
}
