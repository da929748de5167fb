import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openNoWarehouse } from '../../src/adapters/warehouse/none.ts'
import { openSqliteWarehouse } from '../../src/adapters/warehouse/sqlite.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { warehouseContract } from './warehouse.ts'
import { aRow, aTrend } from './warehouse-rows.ts'

warehouseContract('sqlite in a file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-warehouse-'))
  const url = `sqlite:${join(folder, 'warehouse.db')}`
  let warehouse = openSqliteWarehouse(url)
  return {
    warehouse,
    another: async () => openSqliteWarehouse(url),
    async reopen() {
      await warehouse.close()
      warehouse = openSqliteWarehouse(url)
      return warehouse
    },
    async remove() {
      await warehouse.close()
      rmSync(folder, { recursive: true })
    },
  }
})

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-warehouse-'))
  file = join(folder, 'warehouse.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

test.each(['', 'sqlite:', 'postgres://x', 'warehouse.db'])('the name %j is refused', (url) => {
  expect(() => openSqliteWarehouse(url)).toThrow(expect.objectContaining({ code: 'invalid' }))
})

test('only the owner may read the files', async () => {
  await using warehouse = openSqliteWarehouse(`sqlite:${file}`)
  await warehouse.putAnalytics([aRow()])
  const names = readdirSync(folder)
  expect(names.sort()).toEqual(['warehouse.db', 'warehouse.db-shm', 'warehouse.db-wal'])
  for (const name of names) expect(statSync(join(folder, name)).mode & 0o077).toBe(0)
})

test('what was replaced or deleted is in no file any more', async () => {
  await using warehouse = openSqliteWarehouse(`sqlite:${file}`)
  // Neither in order nor of one length, so that pages are split and joined.
  const days = Array.from({ length: 400 }, (_, n) =>
    Temporal.PlainDate.from('2024-01-01')
      .add({ days: (n * 259) % 400 })
      .toString(),
  )
  await warehouse.putAnalytics(days.map((date, n) => aRow({ date, timezone: `Canary${'y'.repeat((n * 3) % 40)}` })))
  await warehouse.putTrends([aTrend({ trendData: { word: 'Canary' } })])
  expect(countInFiles('Canary')).toBeGreaterThan(400)
  await warehouse.putAnalytics(days.slice(0, 200).map((date, n) => aRow({ date, revision: 2, timezone: 'z'.repeat(1 + ((n * 7) % 60)) })))
  for (const date of days.slice(200)) await warehouse.delete({ userId: 'u1', from: date, to: date })
  expect(countInFiles('Canary')).toBe(0)
})

test('a store of documents is not taken for a warehouse, nor the other way round', async () => {
  await openSqliteWarehouse(`sqlite:${file}`).close()
  await openSqliteDocuments(`sqlite:${join(folder, 'clarity.db')}`).close()
  const refusal = expect.objectContaining({ code: 'unavailable' })
  expect(() => openSqliteWarehouse(`sqlite:${join(folder, 'clarity.db')}`)).toThrow(refusal)
  expect(() => openSqliteDocuments(`sqlite:${file}`)).toThrow(refusal)
})

test('without a warehouse everything is taken and nothing is found', async () => {
  await using warehouse = openNoWarehouse()
  await warehouse.putAnalytics([aRow()])
  await warehouse.putTrends([aTrend()])
  await warehouse.delete({ userId: 'u1', ...everyDate })
  expect(await warehouse.analytics({ userId: 'u1', ...everyDate })).toEqual([])
  expect(await warehouse.trends({ userId: 'u1', trendType: 'weekly', ...everyDate })).toEqual([])
})

function countInFiles(word: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + readFileSync(join(folder, name), 'latin1').split(word).length - 1, 0)
}
