import { expect, test } from 'vitest'
import { mentionsMedicine, objectionsTo } from './narrative.ts'

const evidence = [{ metric: 'steps', value: 8000, unit: '{steps}', window: '2024-01-20' }]

test('a summary has 10 to 1000 characters', () => {
  expect(objectionsTo('Too short', evidence)).toEqual(['too_short'])
  expect(objectionsTo('Just right', evidence)).toEqual([])
  expect(objectionsTo('a'.repeat(1000), evidence)).toEqual([])
  expect(objectionsTo('a'.repeat(1001), evidence)).toEqual(['too_long'])
  expect(objectionsTo(' '.repeat(20), evidence)).toEqual(['too_short'])
})

test('a number without evidence and a medical word are both objections', () => {
  expect(objectionsTo('You took 8,000 steps today.', evidence)).toEqual([])
  expect(objectionsTo('You took 9,000 steps; see a doctor.', evidence)).toEqual(['unsupported_number: 9,000 steps', 'medical_word'])
})

test.each([
  'diagnosis',
  'Diagnosed',
  'disease',
  'an infection',
  'arrhythmia',
  'sleep apnea',
  'apnoea',
  'COVID-19',
  'the flu',
  'you are ill',
  'medication',
  'Ap\u200bnea',
])('%s would read as a diagnosis or as medical advice', (word) => {
  expect(mentionsMedicine(`It may be ${word}.`)).toBe(true)
})

test.each(['fluctuates', 'you will sleep', 'illustrates', 'a still night', 'strokes of luck'])('%s is harmless', (word) => {
  expect(mentionsMedicine(word)).toBe(false)
})
