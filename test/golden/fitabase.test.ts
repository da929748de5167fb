import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openSqliteWarehouse } from '../../src/adapters/warehouse/sqlite.ts'
import { analyseDirtyDays } from '../../src/flows/analyse-days.ts'
import { computeTrends } from '../../src/flows/compute-trends.ts'
import { importFile } from '../../src/flows/import-file.ts'
import { findChanges } from '../../src/flows/keep-changes.ts'
import { drainOutbox } from '../../src/flows/warehouse-outbox.ts'
import { everyDate } from '../../src/model/user-analytics.ts'
import { exportText, type RecordOf } from './export-text.ts'
import { fitabase, fitabaseRows } from './fitabase-rows.ts'
import { sourceOf, temporaryHouse } from './people.ts'

const isHere = existsSync(join(fitabase, 'dailyActivity_merged.csv'))

function minutesOf(id: string): RecordOf[] {
  const [, ...lines] = readFileSync(join(fitabase, `${id}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/)
  return lines.flatMap((line) => {
    const [, time = '', rate = '', , steps = ''] = line.split(',')
    const end = new Date(Date.parse(`${time.replace(' ', 'T')}Z`) + 60_000).toISOString().slice(0, 19).replace('T', ' ')
    const records: RecordOf[] = []
    if (rate !== '') records.push({ type: 'HeartRate', device: 'watch', start: `${time} +0000`, value: Number(rate), unit: 'count/min' })
    if (Number(steps) > 0)
      records.push({ type: 'StepCount', device: 'watch', start: `${time} +0000`, end: `${end} +0000`, value: Number(steps), unit: 'count' })
    return records
  })
}

// The figures were made of the same file with SciPy's theilslopes and pymannkendall; docs/trends.md walks through them.
test.skipIf(!isHere)(
  'real data fitabase/: the minutes of person 8877689391 become days, rows, trends and a change',
  async () => {
    await using house = await temporaryHouse()
    await importFile(house, { userId: 'robin', fileName: 'x', source: sourceOf(exportText(minutesOf('8877689391'))), zone: 'UTC' })
    await analyseDirtyDays(house, 'robin')
    await drainOutbox(house)
    expect(await computeTrends(house, 'robin')).toBe(7 + 2 + 1)
    const rows = await house.warehouse.analytics({ userId: 'robin', ...everyDate })
    expect(rows).toHaveLength(37)
    expect(rows.reduce((sum, { totalSteps = 0 }) => sum + totalSteps, 0)).toBe(532_708)
    const [april] = await house.warehouse.trends({ userId: 'robin', trendType: 'monthly', ...everyDate })
    const { resting_heart_rate: resting, total_steps: steps } = april?.trendData.metrics ?? {}
    expect(resting).toMatchObject({ n: 27, coverage: 0.9, median: 56, spread: 2, trendDirection: 'improving' })
    expect(resting?.slope).toBeCloseTo(-1 / 7, 9)
    expect(resting?.slopeInterval?.[0]).toBeCloseTo(-0.23076923076923078, 9)
    expect(resting?.slopeInterval?.[1]).toBeCloseTo(-0.05263157894736842, 9)
    expect(resting?.p).toBeCloseTo(0.015485154898876363, 9)
    expect(resting?.improvementScore).toBeCloseTo(Math.tanh(29 / 7 / 3), 9)
    expect(resting?.confidenceLevel).toBeCloseTo(0.9 * (1 - 0.015485154898876363), 9)
    expect([steps?.slope, steps?.p]).toEqual([expect.closeTo(-60.04761904761905, 9), expect.closeTo(0.5317037729644349, 9)])
    // Steps are stable, and so is nothing that moves against the heart rate: the row speaks for that alone.
    expect(april).toMatchObject({ trendDirection: 'improving', improvementScore: 0.8812, confidenceLevel: 0.8861 })
    expect((await findChanges(house, 'robin')).map(({ body }) => body)).toMatchObject([
      {
        kind: 'elevation',
        metric: 'resting_heart_rate',
        date: '2016-05-04',
        noticedOn: '2016-05-05',
        until: '2016-05-05',
        before: 56,
        after: 60,
      },
    ])
  },
  60_000,
)

test.skipIf(!isHere)('real data fitabase/: all 33 people have rows and trends, with the slopes that SciPy gives', async () => {
  await using documents = openSqliteDocuments('sqlite::memory:')
  await using warehouse = openSqliteWarehouse('sqlite::memory:')
  const clock = { nowMs: () => Date.parse('2016-06-01T00:00:00Z') }
  const people = fitabaseRows()
  const quarters = { people: 0, slopes: 0, p: 0, moving: [] as string[] }
  for (const [userId, rows] of people) {
    await documents.batch([{ op: 'put', path: `users/${userId}`, body: {} }])
    await warehouse.putAnalytics(rows)
    await computeTrends({ documents, warehouse, clock }, userId)
    expect((await warehouse.trends({ userId, trendType: 'weekly', ...everyDate })).length).toBeGreaterThanOrEqual(1)
    const [quarter] = await warehouse.trends({ userId, trendType: 'quarterly', ...everyDate })
    const steps = quarter?.trendData.metrics?.total_steps
    if (steps?.slope === undefined || steps.p === undefined) continue
    quarters.people += 1
    quarters.slopes += steps.slope
    quarters.p += steps.p
    if (steps.p <= 0.1) quarters.moving.push(userId)
  }
  expect(people.size).toBe(33)
  expect(quarters).toEqual({
    people: 21,
    slopes: expect.closeTo(-374.12400976388284, 9),
    p: expect.closeTo(4.571776383042657, 9),
    moving: [
      '1624580081',
      '2026352035',
      '3977333714',
      '4445114986',
      '5577150313',
      '7086361926',
      '8053475328',
      '8378563200',
      '8583815059',
      '8877689391',
    ],
  })
})
