import { expect, test } from 'vitest'
import { templateNarrator } from './template.ts'

const date = '2024-01-20'

function statements(...texts: string[]) {
  return { date, statements: texts.map((text) => ({ text, evidence: [] })) }
}

test('the summary is the statements word for word, most important first', async () => {
  await expect(templateNarrator.summarise(statements('You slept 7 h 0 min.', 'You took 8,000 steps.'))).resolves.toBe(
    'You slept 7 h 0 min. You took 8,000 steps.',
  )
})

test('the summary has at most 1000 characters and never cuts a sentence', async () => {
  const long = `${'a'.repeat(598)} b.`
  const summary = await templateNarrator.summarise(statements(long, long, 'A short one.'))
  expect(summary).toBe(`${long} A short one.`)
})

test('exactly 1000 characters still fit, and 1001 do not', async () => {
  const half = `${'a'.repeat(498)}.`
  await expect(templateNarrator.summarise(statements(half, `${half}b`))).resolves.toHaveLength(1000)
  await expect(templateNarrator.summarise(statements(half, `${half}bc`))).resolves.toBe(half)
})

test('six sentences are enough', async () => {
  const summary = await templateNarrator.summarise(statements(...Array.from({ length: 9 }, (_, at) => `Sentence ${at}.`)))
  expect(summary.match(/Sentence/g)).toHaveLength(6)
})

test('there is always a sentence', async () => {
  await expect(templateNarrator.summarise(statements())).resolves.toBe('There is nothing to say about this day.')
})
