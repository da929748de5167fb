import { expect, test } from 'vitest'
import { readAhead } from './dates-ahead.ts'

function asking(coming: readonly string[]) {
  const asked: string[] = []
  const at = readAhead(coming, async (from, to) => {
    asked.push(`${from}/${to}`)
    return { from, to }
  })
  return { asked, at }
}

const january = Array.from({ length: 10 }, (_, day) => `2024-01-${String(day + 1).padStart(2, '0')}`)

test('dates in a row are read together, each once', async () => {
  const { asked, at } = asking(january)
  for (const date of january) {
    const { from, to } = await at(date)
    expect(from <= date && date <= to).toBe(true)
  }
  expect(asked).toEqual(['2024-01-01/2024-01-08', '2024-01-09/2024-01-10'])
})

test('of dates far apart nothing between them is read', async () => {
  const { asked, at } = asking(['2023-01-01', '2023-01-02', '2024-01-01'])
  for (const date of ['2023-01-01', '2023-01-02', '2024-01-01']) await at(date)
  expect(asked).toEqual(['2023-01-01/2023-01-02', '2024-01-01/2024-01-01'])
})

test('a date that nobody announced is read by itself, and with what comes after it', async () => {
  const { asked, at } = asking(january)
  await at('2023-06-01')
  await at('2024-01-09')
  await at('2024-01-02')
  expect(asked).toEqual(['2023-06-01/2023-06-01', '2024-01-09/2024-01-10', '2024-01-02/2024-01-09'])
})
