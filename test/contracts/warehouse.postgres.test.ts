import { createHash } from 'node:crypto'
import { Client } from 'pg'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { applyMigrations, readMigrations } from '../../src/adapters/postgres/migrations.ts'
import { openPostgres } from '../../src/adapters/postgres/pool.ts'
import { openPostgresWarehouse } from '../../src/adapters/warehouse/postgres.ts'
import { drainOutbox, toOutbox } from '../../src/flows/warehouse-outbox.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { aDay } from '../fixtures/days.ts'
import { expectProblem, put } from './expectations.ts'
import { warehouseContract } from './warehouse.ts'
import { aRow, fullRow } from './warehouse-rows.ts'

const engine = await startPostgres()
afterAll(() => ('missing' in engine ? undefined : engine.stop()))

describeEngine('PostgreSQL', engine, ({ pid, createDatabase, kill, start }) => {
  let shared: Promise<string> | undefined

  warehouseContract('PostgreSQL', async () => {
    shared ??= createDatabase()
    const url = await shared
    let warehouse = await openPostgresWarehouse(url)
    return {
      warehouse,
      another: () => openPostgresWarehouse(url),
      async reopen() {
        await warehouse.close()
        warehouse = await openPostgresWarehouse(url)
        return warehouse
      },
      async remove() {
        await warehouse.close()
        await onServer(url, (client) => client.query('TRUNCATE user_analytics, user_trends'))
      },
    }
  })

  describe('the tables on PostgreSQL', () => {
    let url = ''
    let client: Client
    beforeEach(async () => {
      url = await createDatabase()
      client = new Client({ connectionString: url })
      await client.connect()
    })
    afterEach(() => client.end())

    test('the first migration is the specification’s DDL, and it runs as it stands', async () => {
      const [first] = await readMigrations('warehouse')
      // SHA-256 of the two SQL blocks of the specification with one empty line between them.
      expect(
        createHash('sha256')
          .update(first?.sql ?? '')
          .digest('hex'),
      ).toBe('2848cc37d0837dd593912b981f8f260d5ed1a47d06d1953dc7e1c7071aeadf80')
      await client.query(first?.sql ?? '')
      expect(await indexesOf(client)).toEqual([
        'idx_user_analytics_date',
        'idx_user_analytics_quality',
        'idx_user_analytics_user_date',
        'idx_user_trends_data',
        'idx_user_trends_user_period',
        'user_analytics_pkey',
        'user_analytics_user_id_date_key',
        'user_trends_pkey',
        'user_trends_user_id_trend_type_period_start_key',
      ])
    })

    test('rows that stood in the specification’s tables stay, and any revision of ours replaces them', async () => {
      const migrations = await readMigrations('warehouse')
      const postgres = await openPostgres(url)
      await applyMigrations(postgres, 'warehouse', migrations.slice(0, 1))
      await postgres.close()
      await client.query(`INSERT INTO user_analytics (user_id, date, total_steps, distance_meters, sleep_efficiency)
      VALUES ('u1', '2024-01-20', 5, 999999.99, 0.89), ('u2', '2024-01-20', 7, NULL, NULL)`)
      await using warehouse = await openPostgresWarehouse(url)
      const found = await warehouse.analytics({ userId: 'u1', ...everyDate })
      expect(found).toEqual([expect.objectContaining({ totalSteps: 5, distanceMeters: 999999.99, sleepEfficiency: 0.89, revision: 0 })])
      await warehouse.putAnalytics([aRow({ totalSteps: 6 })])
      expect(await warehouse.analytics({ userId: 'u1', ...everyDate })).toEqual([aRow({ totalSteps: 6 })])
      expect(await warehouse.analytics({ userId: 'u2', ...everyDate })).toHaveLength(1)
    })

    test('several processes may open an empty database at once', async () => {
      const opened = await Promise.all(Array.from({ length: 4 }, () => openPostgresWarehouse(url)))
      await Promise.all(opened.map((warehouse, n) => warehouse.putAnalytics([aRow({ userId: `u${n}` })])))
      const { rows } = await client.query('SELECT count(*)::int AS count FROM user_analytics')
      expect(rows).toEqual([{ count: 4 }])
      for (const warehouse of opened) await warehouse.close()
    })

    test('SQL sees exact decimals, dates, a UUID for each row and NULL for what is absent', async () => {
      await using warehouse = await openPostgresWarehouse(url)
      await warehouse.putAnalytics([fullRow, aRow({ date: '2024-01-21' })])
      const { rows } = await client.query(`SELECT total_sleep_hours::text, sleep_efficiency::text, distance_meters::text, total_steps::text,
      date::text, hrv_kind, id::text, num_nulls(total_sleep_hours, total_steps, resting_heart_rate, hrv_kind, data_quality_score) AS nulls
      FROM user_analytics ORDER BY user_analytics.date`)
      expect(rows[0]).toEqual({
        total_sleep_hours: '7.53',
        sleep_efficiency: '0.8917',
        distance_meters: '6123.45',
        total_steps: '8750',
        date: '2024-01-20',
        hrv_kind: 'rmssd',
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/),
        nulls: 0,
      })
      expect(rows[1]).toMatchObject({ date: '2024-01-21', nulls: 5 })
    })

    test('each of the five indexes is used by the questions it is for', async () => {
      await openPostgresWarehouse(url).then((warehouse) => warehouse.close())
      await client.query(`INSERT INTO user_analytics (user_id, date, data_quality_score)
      SELECT 'u' || person, date '2024-01-01' + day, (day % 100) / 100.0 FROM generate_series(1, 60) person, generate_series(0, 179) day`)
      await client.query(`INSERT INTO user_trends (user_id, trend_type, period_start, period_end, trend_data)
      SELECT 'u' || person, 'weekly', date '2020-01-06' + 7 * week, date '2020-01-12' + 7 * week, jsonb_build_object('n', person * 1000 + week)
      FROM generate_series(1, 60) person, generate_series(0, 99) week`)
      await client.query('VACUUM ANALYZE')
      const questions = {
        idx_user_analytics_user_date: `SELECT * FROM user_analytics WHERE user_id = 'u7' ORDER BY user_id, date DESC LIMIT 30`,
        idx_user_analytics_date: `SELECT * FROM user_analytics WHERE date = '2024-03-01'`,
        idx_user_analytics_quality: 'SELECT * FROM user_analytics WHERE data_quality_score = 0.37',
        idx_user_trends_data: `SELECT * FROM user_trends WHERE trend_data @> '{"n": 7042}'`,
        idx_user_trends_user_period: `SELECT * FROM user_trends WHERE user_id = 'u7' AND trend_type = 'weekly'
        ORDER BY user_id, trend_type, period_start DESC LIMIT 5`,
      }
      for (const [index, question] of Object.entries(questions)) expect(await planOf(client, question)).toContain(index)
      const range = `user_id = 'u7' AND date BETWEEN '2024-03-01' AND '2024-03-31' ORDER BY date`
      expect(await planOf(client, `SELECT * FROM user_analytics WHERE ${range}`)).toMatch(
        /on (?:idx_user_analytics_user_date|user_analytics_user_id_date_key)\n +Index Cond: .*user_id.*date >= .*date <= /,
      )
    })

    test.skipIf(pid === undefined)('while the server is dead rows wait in the outbox, and reach it when it is back', async () => {
      await using documents = openSqliteDocuments('sqlite::memory:')
      await using warehouse = await openPostgresWarehouse(url)
      const days = ['2024-01-20', '2024-01-21'].map((date) => aDay(date, { steps: 1000 }))
      await documents.batch([put('users/u1', {}), ...days.flatMap((day) => toOutbox(day, Date.parse('2024-02-01T00:00:00Z')))])
      await client.end()
      await kill()
      await expectProblem('unavailable', drainOutbox({ documents, warehouse, clock: { nowMs: () => 0 } }))
      expect((await documents.list({ collection: 'outbox', limit: 9 })).data).toHaveLength(2)
      await start()
      expect(await drainOutbox({ documents, warehouse, clock: { nowMs: () => 0 } })).toBe(2)
      expect((await warehouse.analytics({ userId: 'u1', ...everyDate })).map(({ totalSteps }) => totalSteps)).toEqual([1000, 1000])
    })

    test('a database that is not there, and a name that is none, are problems', async () => {
      await expectProblem('unavailable', openPostgresWarehouse(`${url}_gone`))
      await expectProblem('invalid', openPostgresWarehouse('sqlite:x'))
    })
  })
})

async function onServer(url: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await work(client)
  await client.end()
}

async function indexesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query(`SELECT indexname FROM pg_indexes WHERE tablename LIKE 'user\\_%' ORDER BY indexname COLLATE "C"`)
  return rows.map(({ indexname }) => indexname)
}

async function planOf(client: Client, question: string): Promise<string> {
  const { rows } = await client.query(`EXPLAIN (COSTS OFF) ${question}`)
  return rows.map((row) => row['QUERY PLAN']).join('\n')
}
