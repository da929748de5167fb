import type { Text } from './texts.tsx'

/** `2_years`, `6_months`, `30_days`, `indefinite` in words; anything else as it is. */
export function spokenAge(age: string, text: Text): string {
  if (age === 'indefinite') return text('age.always')
  const [, count, unit] = /^(\d+)_(year|month|day)s?$/.exec(age) ?? []
  if (count === undefined) return age
  return text(unit === 'year' ? 'age.years' : unit === 'month' ? 'age.months' : 'age.days', { count: Number(count) })
}
