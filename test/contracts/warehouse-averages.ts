import { expect, test } from 'vitest'
import type { AveragesQuery, Warehouse } from '../../src/ports/warehouse.ts'
import { aRow } from './warehouse-rows.ts'

export function averages(store: () => Warehouse): void {
  const asked: AveragesQuery = { userIds: ['u1', 'u2'], field: 'totalSteps', from: '2024-01-01', to: '2024-01-31', leastDays: 1 }
  const found = async (query: Partial<AveragesQuery> = {}) => {
    const all = await store().averages({ ...asked, ...query })
    return Object.fromEntries(all.map(({ userId, mean }) => [userId, mean]))
  }
  const steps = (userId: string, ...values: (number | undefined)[]) =>
    values.map((value, n) => aRow({ userId, date: `2024-01-0${n + 1}`, ...(value !== undefined && { totalSteps: value }) }))

  test('a person’s mean is over the rows that have the figure, and others’ rows are not looked at', async () => {
    await store().putAnalytics([...steps('u1', 1000, undefined, 2000), ...steps('u2', 5), ...steps('u3', 9)])
    expect(await found()).toEqual({ u1: 1500, u2: 5 })
    expect(await found({ userIds: ['u3', 'nobody'] })).toEqual({ u3: 9 })
    expect(await found({ userIds: [] })).toEqual({})
    expect(await found({ field: 'restingHeartRate' })).toEqual({})
  })

  test('the dates are both included, and who has too few is left out', async () => {
    await store().putAnalytics([...steps('u1', 1, 2, 3, 4), ...steps('u2', 7)])
    expect(await found({ from: '2024-01-02', to: '2024-01-03' })).toEqual({ u1: 2.5 })
    expect(await found({ leastDays: 2 })).toEqual({ u1: 2.5 })
    expect(await found({ leastDays: 5 })).toEqual({})
  })

  test('variability is of one kind, and a day hardly worn counts only where that is not asked', async () => {
    await store().putAnalytics([
      aRow({ date: '2024-01-01', heartRateVariability: 40, hrvKind: 'sdnn', dataQualityScore: 0.3 }),
      aRow({ date: '2024-01-02', heartRateVariability: 50, hrvKind: 'sdnn', dataQualityScore: 0 }),
      aRow({ date: '2024-01-03', heartRateVariability: 60, hrvKind: 'sdnn' }),
      aRow({ date: '2024-01-04', heartRateVariability: 70, hrvKind: 'sdnn', dataQualityScore: 0.4167 }),
      aRow({ date: '2024-01-05', heartRateVariability: 200, hrvKind: 'rmssd', dataQualityScore: 0.9 }),
    ])
    expect(await found({ field: 'heartRateVariability', hrvKind: 'sdnn' })).toEqual({ u1: 55 })
    expect(await found({ field: 'heartRateVariability', hrvKind: 'sdnn', leastWorn: 10 / 24 })).toEqual({ u1: 60 })
    expect(await found({ field: 'heartRateVariability', hrvKind: 'rmssd' })).toEqual({ u1: 200 })
  })
}
