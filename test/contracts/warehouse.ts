import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { everyDate, UserAnalytics } from '../../src/model/user-analytics.ts'
import type { Warehouse } from '../../src/ports/warehouse.ts'
import { expectProblem } from './expectations.ts'
import { averages } from './warehouse-averages.ts'
import { aRow, fullRow } from './warehouse-rows.ts'
import { trends } from './warehouse-trends.ts'

export interface OpenedWarehouse {
  /** Empty. */
  readonly warehouse: Warehouse
  /** The same store opened once more, beside the first. */
  another(): Promise<Warehouse>
  /** Closes `warehouse` and opens the same store again. */
  reopen(): Promise<Warehouse>
  remove(): Promise<void>
}

/** What `ports/warehouse.ts` promises, asked of any adapter that keeps rows. */
export function warehouseContract(name: string, open: () => Promise<OpenedWarehouse>): void {
  describe(`${name} keeps the promises of the warehouse`, () => {
    let opened: OpenedWarehouse
    beforeEach(async () => {
      opened = await open()
    })
    afterEach(() => opened.remove())
    const store = () => opened.warehouse

    rows(store)
    ranges(store)
    revisions(store)
    deletes(store)
    trends(store)
    averages(store)

    test('writers at once leave the highest revision', async () => {
      const handles = [opened.warehouse, await opened.another(), await opened.another()]
      const dates = Array.from({ length: 20 }, (_, n) => `2024-01-${String(n + 1).padStart(2, '0')}`)
      await Promise.all(
        [5, 2, 9, 1, 7, 3].map((revision, n) => {
          const its = dates.map((date) => aRow({ date, revision, totalSteps: revision }))
          return handles[n % 3]?.putAnalytics(n % 2 === 0 ? its : its.reverse())
        }),
      )
      expect((await all(store())).map(({ date, totalSteps }) => [date, totalSteps])).toEqual(dates.map((date) => [date, 9]))
      for (const handle of handles.slice(1)) await handle.close()
    })

    test('what was acknowledged is there after opening again, and closing twice is no error', async () => {
      await store().putAnalytics([fullRow])
      const again = await opened.reopen()
      expect(await all(again)).toEqual([fullRow])
      await again.close()
      await again.close()
    })
  })
}

function rows(store: () => Warehouse): void {
  test('a row comes back as it went in', async () => {
    await store().putAnalytics([fullRow])
    expect(await all(store())).toEqual([fullRow])
  })

  test('what is absent stays absent, and zero stays zero', async () => {
    const zero = { totalSleepHours: 0, sleepEfficiency: 0, totalSteps: 0, distanceMeters: 0, heartRateVariability: 0, dataQualityScore: 0 }
    await store().putAnalytics([aRow({ date: '2024-01-01' }), aRow({ date: '2024-01-02', ...zero })])
    expect(await all(store())).toEqual([aRow({ date: '2024-01-01' }), aRow({ date: '2024-01-02', ...zero })])
  })

  test('days larger than the specification’s columns are kept', async () => {
    const large = aRow({ totalSteps: 3_000_000_000, caloriesBurned: 2_147_483_648, distanceMeters: 123_456_789.01 })
    await store().putAnalytics([large])
    expect(await all(store())).toEqual([large])
  })

  test('decimals come back as the same number, whatever they are', async () => {
    const hundredths = (max: number) => fc.integer({ min: 0, max }).map((value) => value / 100)
    const figures = fc.record({
      totalSleepHours: hundredths(9999),
      distanceMeters: hundredths(1e13),
      sleepEfficiency: fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000),
    })
    let revision = 0
    await fc.assert(
      fc.asyncProperty(figures, async (its) => {
        revision += 1
        const row = UserAnalytics.parse(aRow({ ...its, revision }))
        await store().putAnalytics([row])
        expect(await all(store())).toEqual([row])
      }),
      { numRuns: 50 },
    )
  })

  test('a put is 500 rows or fewer, and nothing of a larger one is kept', async () => {
    const many = Array.from({ length: 501 }, (_, n) => aRow({ date: dateAfter('2023-01-01', n) }))
    await expectProblem('invalid', store().putAnalytics(many))
    expect(await all(store())).toEqual([])
    await store().putAnalytics(many.slice(1))
    await store().putAnalytics([])
    expect(await all(store())).toHaveLength(500)
  })

  test('a row that cannot be kept takes its whole put along', async () => {
    const nobody = { ...aRow({ date: '2024-01-03' }), userId: undefined } as unknown as UserAnalytics
    await expect(store().putAnalytics([aRow({ date: '2024-01-02' }), nobody, aRow({ date: '2024-01-04' })])).rejects.toThrow()
    expect(await all(store())).toEqual([])
  })
}

function ranges(store: () => Warehouse): void {
  const dates = ['0001-01-01', '1999-12-31', '2023-12-30', '2023-12-31', '2024-01-01', '2024-02-29', '9999-12-31']

  test.each([
    ['0001-01-01', '9999-12-31', dates],
    ['2023-12-31', '2024-01-01', ['2023-12-31', '2024-01-01']],
    ['2023-12-31', '2023-12-31', ['2023-12-31']],
    ['2024-02-28', '2024-03-01', ['2024-02-29']],
    ['9999-12-31', '9999-12-31', ['9999-12-31']],
    ['0001-01-01', '0001-01-01', ['0001-01-01']],
    ['2024-01-02', '2024-01-01', []],
  ])('from %s to %s are both ends and what lies between, by date', async (from, to, expected) => {
    await store().putAnalytics([3, 6, 0, 5, 1, 4, 2].map((n) => aRow({ date: dates[n] ?? '' })))
    expect((await store().analytics({ userId: 'u1', from, to })).map(({ date }) => date)).toEqual(expected)
  })

  test('a person sees their own rows only', async () => {
    const people = ['u1', 'u10', 'U1', 'u_1', 'u', '%', 'u-1']
    await store().putAnalytics(people.map((userId, n) => aRow({ userId, totalSteps: n })))
    for (const [n, userId] of people.entries()) expect((await all(store(), userId)).map(({ totalSteps }) => totalSteps)).toEqual([n])
    expect(await all(store(), 'nobody')).toEqual([])
  })
}

function revisions(store: () => Warehouse): void {
  test('a higher revision replaces the whole row, and what it lacks is gone', async () => {
    await store().putAnalytics([fullRow])
    const next = aRow({ date: fullRow.date, revision: fullRow.revision + 1, totalSteps: 1 })
    await store().putAnalytics([next])
    expect(await all(store())).toEqual([next])
  })

  test('a replay and an older revision change nothing', async () => {
    const kept = aRow({ revision: 3, totalSteps: 3 })
    await store().putAnalytics([kept])
    for (const revision of [3, 2, 1]) await store().putAnalytics([aRow({ revision, totalSteps: 1000 + revision, timezone: 'Asia/Tokyo' })])
    expect(await all(store())).toEqual([kept])
  })

  test.each([
    [1, 3, 2],
    [3, 2, 1],
    [2, 1, 3],
  ])('within one put the highest revision wins: %d, %d, %d', async (...order) => {
    await store().putAnalytics(order.map((revision) => aRow({ revision, totalSteps: revision })))
    expect((await all(store())).map(({ totalSteps }) => totalSteps)).toEqual([3])
  })
}

function deletes(store: () => Warehouse): void {
  test('a range is deleted with both of its ends, for one person', async () => {
    const dates = ['2023-12-30', '2023-12-31', '2024-01-01', '2024-01-02']
    await store().putAnalytics(dates.flatMap((date) => [aRow({ date }), aRow({ date, userId: 'u2' })]))
    await store().delete({ userId: 'u1', from: '2023-12-31', to: '2024-01-01' })
    await store().delete({ userId: 'u1', from: '2023-12-31', to: '2024-01-01' })
    expect((await all(store())).map(({ date }) => date)).toEqual(['2023-12-30', '2024-01-02'])
    expect(await all(store(), 'u2')).toHaveLength(4)
  })

  test('after an erasure a first revision is new', async () => {
    await store().putAnalytics([aRow({ revision: 7 }), aRow({ date: '0001-01-01' }), aRow({ date: '9999-12-31' })])
    await store().delete({ userId: 'u1', ...everyDate })
    expect(await all(store())).toEqual([])
    await store().putAnalytics([aRow({ revision: 1 })])
    expect(await all(store())).toEqual([aRow({ revision: 1 })])
  })
}

function all(warehouse: Warehouse, userId = 'u1'): Promise<readonly UserAnalytics[]> {
  return warehouse.analytics({ userId, ...everyDate })
}

function dateAfter(date: string, days: number): string {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}
