import { expect, test } from 'vitest'
import { everyDate } from '../../src/model/user-analytics.ts'
import type { TrendType } from '../../src/model/user-trend.ts'
import type { Warehouse } from '../../src/ports/warehouse.ts'
import { expectProblem } from './expectations.ts'
import { aTrend } from './warehouse-rows.ts'

export function trends(store: () => Warehouse): void {
  test('a trend comes back as it went in, with and without its indicators', async () => {
    const bare = aTrend({ periodStart: '2024-01-08', periodEnd: '2024-01-14', trendData: {} })
    const full = aTrend({
      improvementScore: -0.3456,
      trendDirection: 'declining',
      confidenceLevel: 0.9,
      trendData: { resting: { slope: -0.1, ü: 'ß "quoted"', deep: [[1, 2], { z: 1, a: true }] } },
    })
    await store().putTrends([full, bare])
    expect(await weekly(store())).toEqual([bare, full])
  })

  test('no change is zero, from whichever side', async () => {
    await store().putTrends([aTrend({ improvementScore: -0 })])
    expect((await weekly(store()))[0]?.improvementScore).toBe(0)
  })

  test('a range has the periods that begin in it, of one person and type, by date', async () => {
    const starts = ['2023-12-25', '2024-01-01', '2024-01-08']
    const make = (userId: string, trendType: TrendType) =>
      starts.map((periodStart) => aTrend({ userId, trendType, periodStart, periodEnd: '2024-03-31' }))
    await store().putTrends([...make('u1', 'weekly').reverse(), ...make('u1', 'monthly'), ...make('u2', 'weekly')])
    const found = await store().trends({ userId: 'u1', trendType: 'weekly', from: '2023-12-25', to: '2024-01-01' })
    expect(found).toEqual(make('u1', 'weekly').slice(0, 2))
    expect(await store().trends({ userId: 'u1', trendType: 'quarterly', ...everyDate })).toEqual([])
  })

  test('a replay and an older revision of a trend change nothing, a higher one replaces it', async () => {
    await store().putTrends([aTrend({ revision: 2, improvementScore: 0.5 })])
    await store().putTrends([aTrend({ revision: 2, improvementScore: 0.1 })])
    await store().putTrends([aTrend({ revision: 1, improvementScore: 0.1 })])
    expect(await weekly(store())).toEqual([aTrend({ revision: 2, improvementScore: 0.5 })])
    await store().putTrends([aTrend({ revision: 3, periodEnd: '2024-01-20' })])
    expect(await weekly(store())).toEqual([aTrend({ revision: 3, periodEnd: '2024-01-20' })])
  })

  test('a put of trends is 500 or fewer too', async () => {
    await expectProblem('invalid', store().putTrends(Array.from({ length: 501 }, () => aTrend())))
  })

  test('a deleted range takes every trend along whose period touches it', async () => {
    const weeks = ['2024-01-01', '2024-01-08', '2024-01-15', '2024-01-22'].map((periodStart) =>
      aTrend({ periodStart, periodEnd: Temporal.PlainDate.from(periodStart).add({ days: 6 }).toString() }),
    )
    await store().putTrends([...weeks, aTrend({ userId: 'u2', periodStart: '2024-01-08', periodEnd: '2024-01-14' })])
    await store().delete({ userId: 'u1', from: '2024-01-14', to: '2024-01-15' })
    expect((await weekly(store())).map(({ periodStart }) => periodStart)).toEqual(['2024-01-01', '2024-01-22'])
    expect(await store().trends({ userId: 'u2', trendType: 'weekly', ...everyDate })).toHaveLength(1)
  })
}

function weekly(warehouse: Warehouse) {
  return warehouse.trends({ userId: 'u1', trendType: 'weekly', ...everyDate })
}
