import { expect, test } from 'vitest'
import { bound } from './bound.ts'

test('a line breaks between words, and not between a number and its unit', () => {
  const said = 'You slept 7 h 51 min, at 56 bpm, 95 % of it, after 5.2 km, 41 min more than your usual 7 h 10 min (median of 28 nights).'
  expect(bound(said).split(' ')).toEqual(
    'You|slept|7 h 51 min,|at|56 bpm,|95 %|of|it,|after|5.2 km,|41 min|more|than|your|usual|7 h 10 min|(median|of|28|nights).'
      .replaceAll(' ', '\u00a0')
      .split('|'),
  )
})
