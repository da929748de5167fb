import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Config } from '../../src/app/config.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import { Day } from '../../src/model/day.ts'
import { inOrder } from '../../src/model/in-order.ts'
import { StoredInsight } from '../../src/model/insight.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startFirestore } from '../engines/firestore.ts'
import { startPostgres } from '../engines/postgres.ts'
import { startRedis } from '../engines/redis.ts'
import { startS3 } from '../engines/s3.ts'
import { daysOf, type Export, imported, insightsOf, synthetic } from '../golden/people.ts'

const zone = 'America/New_York'
const whole = { seed: 5, days: 40, lastDate: '2024-08-20' } as const
// Any instant after the last date: what is told of time in the results is then the same everywhere.
const clock = { nowMs: () => Date.UTC(2024, 8, 1) }

const [postgres, firestore, redis, s3] = await Promise.all([startPostgres(), startFirestore(), startRedis(), startS3()])
const folder = mkdtempSync(join(tmpdir(), 'clarity-ways-'))
const exports: readonly Export[] = (['first', 'all'] as const).map((part) => synthetic({ ...whole, part }))

interface Told {
  readonly days: string
  readonly insights: string
  readonly rows: unknown
}
let atHome: Told

beforeAll(async () => {
  atHome = await told({ data: join(folder, 'home') })
})
afterAll(async () => {
  for (const engine of [postgres, firestore, redis, s3]) if ('stop' in engine) await engine.stop()
  rmSync(folder, { recursive: true })
})

/** Imports a first export and then the later one with its late data, and says all that a person may ask for, as the commands do. */
async function told(config: Config): Promise<Told> {
  await using house: House = await openHouse(config)
  const still = { ...house, clock }
  for (const { source } of exports) await imported(still, source, zone)
  await drainOutbox(still)
  const days = await daysOf(still)
  const insights = await insightsOf(still)
  const rows = await house.warehouse.analytics({ userId: 'robin', ...everyDate })
  return {
    days: days.map((day) => JSON.stringify(inOrder(Day, day))).join('\n'),
    insights: insights.map((each) => JSON.stringify(inOrder(StoredInsight, each))).join('\n'),
    rows,
  }
}

test('the embedded default tells of every day', () => {
  expect(atHome.days.split('\n')).toHaveLength(40)
  expect(atHome.insights.split('\n')).toHaveLength(40)
  expect(atHome.rows).toHaveLength(40)
})

const own = missingOf(postgres, redis, s3) ?? { postgres, redis, s3 }
describeEngine('own servers: PostgreSQL, an S3 store and Redis', own as Exclude<typeof own, { missing: string }>, () => {
  test('the same import gives the same days, insights and rows, byte for byte', async () => {
    if ('missing' in postgres || 'missing' in redis || 'missing' in s3) throw new Error('They are there')
    const way = {
      data: join(folder, 'own'),
      documents: await postgres.createDatabase(),
      blobs: `${s3.url}&prefix=ways-${process.pid}`,
      cache: redis.url,
    }
    expect(await told(way)).toEqual(atHome)
  })
})

describeEngine('Firestore and a folder', firestore, (emulator) => {
  test('the same import gives the same days and insights, byte for byte, without a warehouse', async () => {
    const named = process.env.FIRESTORE_EMULATOR_HOST
    process.env.FIRESTORE_EMULATOR_HOST = emulator.host
    try {
      const way = { data: join(folder, 'cloud'), documents: emulator.newUrl() }
      expect(await told(way)).toEqual({ ...atHome, rows: [] })
    } finally {
      if (named === undefined) delete process.env.FIRESTORE_EMULATOR_HOST
      else process.env.FIRESTORE_EMULATOR_HOST = named
    }
  })
})

function missingOf(...engines: readonly object[]): { missing: string } | undefined {
  const missing = engines.flatMap((engine) => ('missing' in engine ? [String(engine.missing)] : []))
  return missing.length === 0 ? undefined : { missing: missing.join('; ') }
}
