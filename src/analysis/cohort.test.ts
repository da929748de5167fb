import fc from 'fast-check'
import { expect, test } from 'vitest'
import { activityLevels, ageBands, LEAST_PEOPLE, sexes, type Trait } from '../model/cohort.ts'
import { type TrendMetric, trendMetrics } from '../model/trend-metrics.ts'
import { cohortCells, type Member, rankAmong } from './cohort.ts'
import { noisyCells } from './cohort-noise.ts'

const steps: TrendMetric = trendMetrics.total_steps
const anybody = { ageBand: '30_39', sex: 'female', activityLevel: 'moderate' } as const

function people(count: number, traits: Partial<Member> = {}): Member[] {
  return Array.from({ length: count }, (_, n) => ({ ...anybody, value: 5000 + 100 * n, ...traits }))
}

test('eleven are a cell, ten are not, and nothing is said of who is in none', () => {
  const [cell] = cohortCells(people(11), [], steps)
  // 5000 to 6000 by 100: R's quantile(type = 7) gives 5100, 5250, 5500, 5750, 5900; told to the next hundred.
  expect(cell).toEqual({
    suppressed: false,
    people: 11,
    mean: 5500,
    percentiles: { p10: 5100, p25: 5300, p50: 5500, p75: 5800, p90: 5900 },
  })
  expect(cohortCells(people(10), [], steps)).toEqual([{ suppressed: true }])
  expect(cohortCells([], [], steps)).toEqual([{ suppressed: true }])
})

test('a cell that lacks one person is no way to that person: the total leaves out who is in no cell', () => {
  const women = people(12)
  const man = people(1, { sex: 'male', value: 39_999 })
  const [total] = cohortCells([...women, ...man], [], steps)
  expect(total).toEqual(cohortCells(women, [], steps)[0])
})

const subsets: readonly (readonly Trait[])[] = [
  [],
  ['ageBand'],
  ['sex'],
  ['activityLevel'],
  ['ageBand', 'sex'],
  ['ageBand', 'activityLevel'],
  ['sex', 'activityLevel'],
  ['ageBand', 'sex', 'activityLevel'],
]

/** Few words for each trait, so that small groups are frequent. */
const member = fc.record({
  ageBand: fc.constantFrom(...ageBands.slice(0, 3)),
  sex: fc.constantFrom(...sexes.slice(0, 3)),
  activityLevel: fc.constantFrom(...activityLevels.slice(0, 3)),
})

test('any answer less any other that it contains leaves nobody, or eleven and more', () => {
  fc.assert(
    fc.property(fc.array(member, { minLength: 0, maxLength: 160 }), (traits) => {
      // Each person is a power of ten thousandths of a mark: who is in a cell is read from its exact figures by counting.
      const members = traits.map((each, n) => ({ ...each, value: n }))
      const answers = subsets.flatMap((by) => cellsOf(members, by))
      for (const one of answers)
        for (const other of answers) {
          const common = [...one].filter((who) => other.has(who)).length
          for (const rest of [one.size - common, other.size - common, common])
            expect(rest === 0 || rest >= LEAST_PEOPLE, `${one.size} and ${other.size} share ${common}`).toBe(true)
        }
    }),
    { numRuns: 60 },
  )
})

/** Who is in each cell that is answered: by asking again without each of them would be slow, so the metric tells them apart. */
function cellsOf(members: readonly Member[], by: readonly Trait[]): ReadonlySet<number>[] {
  const found: Set<number>[] = []
  const telling = { ...steps, usefulChange: 0 }
  for (const cell of cohortCells(members, by, telling)) {
    if (cell.suppressed) continue
    const inside = members.filter((each) => by.every((trait) => each[trait] === cell[trait]))
    found.push(new Set(membersWithMean(inside, cell.mean ?? Number.NaN)))
  }
  return found
}

/** The subset of whole groups with this mean. */
function membersWithMean(inside: readonly Member[], mean: number): number[] {
  const values = inside.map(({ value }) => value)
  const total = values.reduce((sum, value) => sum + value, 0)
  if (Math.abs(total / values.length - mean) < 1e-9) return values
  // Left over are some small groups: leave out every union of them until the mean fits.
  const groups = [...Map.groupBy(inside, ({ ageBand, sex, activityLevel }) => `${ageBand} ${sex} ${activityLevel}`).values()].filter(
    ({ length }) => length < LEAST_PEOPLE,
  )
  for (let mask = 1; mask < 2 ** groups.length; mask++) {
    const out = new Set(groups.flatMap((group, n) => (mask & (1 << n) ? group.map(({ value }) => value) : [])))
    const rest = values.filter((value) => !out.has(value))
    if (Math.abs(rest.reduce((sum, value) => sum + value, 0) / rest.length - mean) < 1e-9) return rest
  }
  throw new Error('no such subset')
}

test('who comes or goes between two answers cannot be worked out from the rounded figures', () => {
  const before = people(40)
  const [one] = cohortCells(before, [], steps)
  const [other] = cohortCells([...before, ...people(1, { value: 30_000 })], [], steps)
  expect(one?.people).toBe(other?.people)
  const guessed = 41 * (other?.mean ?? 0) - 40 * (one?.mean ?? 0)
  // The guess may be off by a rounding of each mean, 40 and 41 times: four thousand steps at most.
  expect(Math.abs(guessed - 30_000)).toBeLessThanOrEqual(81 * 50)
  expect((one?.mean ?? 0) % 100).toBe(0)
})

test('a rank is told to the next five', () => {
  const others = Array.from({ length: 100 }, (_, n) => n)
  expect([rankAmong(50, others), rankAmong(-1, others), rankAmong(100, others), rankAmong(12, others)]).toEqual([50, 0, 100, 15])
})

test('noisy cells are near the true ones where many people are, and keep to the range', () => {
  const many = Array.from({ length: 4000 }, (_, n) => ({ ...anybody, value: 4000 + (n % 4000) * 2 }))
  let state = 9
  const below = (n: number) => {
    state = (state * 48_271) % 2_147_483_647
    return state % n
  }
  const [noisy] = noisyCells(many, [], steps, { millis: 1000, below })
  const [exact] = cohortCells(many, [], steps)
  expect(Math.abs((noisy?.mean ?? 0) - (exact?.mean ?? 0))).toBeLessThan(300)
  expect(Math.abs((noisy?.percentiles?.p50 ?? 0) - (exact?.percentiles?.p50 ?? 0))).toBeLessThan(300)
  const [few] = noisyCells(people(1, { value: 1e9 }), [], steps, { millis: 10, below })
  expect(few?.mean ?? 0).toBeLessThanOrEqual(40_000)
})
