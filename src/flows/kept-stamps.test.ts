import { expect, test } from 'vitest'
import { expectProblem } from '../../test/contracts/expectations.ts'
import { keptStamps } from './kept-stamps.ts'

const dates = ['2024-01-01', '2024-01-02', '2024-01-03']

function store() {
  const versions = new Map(dates.map((date) => [date, 1]))
  const asked: string[] = []
  const between = (what: string) => async (from: string, to: string) => {
    asked.push(`${what} ${from} ${to}`)
    const found = [...versions].filter(([date]) => date >= from && date <= to)
    return found.map(([date, version]) => ({ path: date, version, body: `${what} ${version}` }))
  }
  return { versions, asked, keptAt: keptStamps(dates, between('stamp'), between('whole')) }
}

test('stamps of several dates are read together, and bodies only when one of them is wanted', async () => {
  const { asked, keptAt } = store()
  for (const date of dates) expect((await keptAt(date, date)).stamp?.body).toBe('stamp 1')
  expect(asked).toEqual(['stamp 2024-01-01 2024-01-03'])
  expect((await (await keptAt('2024-01-02', '2024-01-02')).whole())?.body).toBe('whole 1')
  expect(asked).toEqual(['stamp 2024-01-01 2024-01-03', 'whole 2024-01-02 2024-01-03'])
})

test('what somebody made since the stamp was read is a conflict', async () => {
  const { versions, keptAt } = store()
  const { whole } = await keptAt('2024-01-02', '2024-01-02')
  versions.set('2024-01-02', 2)
  await expectProblem('conflict', whole())
})

test('so is what somebody took away, and what was not there before', async () => {
  const { versions, keptAt } = store()
  versions.delete('2024-01-03')
  const first = await keptAt('2024-01-01', '2024-01-01')
  const third = await keptAt('2024-01-03', '2024-01-03')
  expect(third.stamp).toBeUndefined()
  versions.set('2024-01-03', 1)
  versions.delete('2024-01-01')
  await expectProblem('conflict', first.whole())
  await expectProblem('conflict', third.whole())
})
