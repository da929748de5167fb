import type { ageBands, Traits } from '../model/cohort.ts'
import { ageYears } from '../model/user.ts'
import type { KnownUser } from './manage-user.ts'

/** What a person is told apart by in aggregates, at a date. */
export function traitsOf({ profile, healthProfile }: KnownUser, date: string): Required<Traits> {
  const { dateOfBirth, gender } = profile
  return {
    ageBand: typeof dateOfBirth === 'string' && dateOfBirth <= date ? bandOf(ageYears(dateOfBirth, date)) : 'unknown',
    sex: gender ?? 'unknown',
    activityLevel: healthProfile.activityLevel ?? 'unknown',
  }
}

const bands = [
  [18, 'under_18'],
  [30, '18_29'],
  [40, '30_39'],
  [50, '40_49'],
  [60, '50_59'],
  [70, '60_69'],
  [80, '70_79'],
] as const satisfies readonly (readonly [below: number, band: (typeof ageBands)[number]])[]

function bandOf(age: number): (typeof ageBands)[number] {
  return bands.find(([below]) => age < below)?.[1] ?? '80_and_over'
}
