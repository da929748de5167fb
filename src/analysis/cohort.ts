import { type CohortCell, LEAST_PEOPLE, type Trait, type Traits, traitWords } from '../model/cohort.ts'
import type { TrendMetric } from '../model/trend-metrics.ts'

import { mean, quantileOfSorted } from '../signal/statistics.ts'

/** Everybody has a word for each trait, if only `unknown`. */
export type Member = Readonly<Required<Traits>> & {
  /** The person's mean of the metric over the period. */
  readonly value: number
}

/** People of whom only the first `traits` are the same. */
interface Group {
  readonly traits: Traits
  readonly members: readonly Member[]
}

const order: readonly Trait[] = ['ageBand', 'sex', 'activityLevel']

/**
 * A cell for each combination of the traits `by`. People are first put together in groups of at least 11: by all traits, then, who is left
 * over, by fewer. A cell is whole groups or nothing, so that any two answers about the same metric and period differ by whole groups: by
 * nobody, or by 11 people and more. Who is left over at the end is in no cell.
 */
export function cohortCells(members: readonly Member[], by: readonly Trait[], metric: TrendMetric): CohortCell[] {
  const groups = groupsOf(members, order)
  return combinationsOf(by).map((traits) => {
    const inside = groups.filter((group) => by.every((trait) => group.traits[trait] === traits[trait]))
    return {
      ...traits,
      ...summaryOf(
        inside.flatMap((group) => group.members).map(({ value }) => value),
        metric,
      ),
    }
  })
}

/** Every combination of the words of these traits; of none the one that says nothing. */
export function combinationsOf(by: readonly Trait[]): Traits[] {
  return order
    .filter((trait) => by.includes(trait))
    .reduce<Traits[]>((made, trait) => made.flatMap((traits) => traitWords[trait].map((word) => ({ ...traits, [trait]: word }))), [{}])
}

/** Groups of 11 and more within one another's traits; who is left over goes with the neighbours' who are. */
function groupsOf(members: readonly Member[], traits: readonly Trait[]): Group[] {
  const { groups, left } = gathered({ traits: {}, members }, traits)
  return left.length >= LEAST_PEOPLE ? [...groups, { traits: {}, members: left }] : groups
}

function gathered({ traits, members }: Group, [trait, ...finer]: readonly Trait[]): { groups: Group[]; left: Member[] } {
  if (trait === undefined) return { groups: [], left: [...members] }
  const groups: Group[] = []
  const left: Member[] = []
  for (const [word, own] of Map.groupBy(members, (member) => member[trait])) {
    const its = { ...traits, [trait]: word }
    const inner = gathered({ traits: its, members: own }, finer)
    groups.push(...inner.groups)
    if (inner.left.length >= LEAST_PEOPLE) groups.push({ traits: its, members: inner.left })
    else left.push(...inner.left)
  }
  return { groups, left }
}

function summaryOf(values: readonly number[], metric: TrendMetric): Omit<CohortCell, keyof Traits> {
  return values.length < LEAST_PEOPLE ? { suppressed: true } : { suppressed: false, ...figuresOf(values, metric) }
}

/** Of eleven and more. Rounded, so that who comes or goes between two answers cannot be worked out from them. */
function figuresOf(values: readonly number[], metric: TrendMetric): Required<Pick<CohortCell, 'people' | 'mean' | 'percentiles'>> {
  const sorted = Float64Array.from(values).sort()
  const round = roundingOf(metric, quantileOfSorted(sorted, 0.5))
  return {
    people: roundedPeople(values.length),
    mean: round(mean(values)),
    percentiles: percentilesBy((share) => round(quantileOfSorted(sorted, share))),
  }
}

/** Share of the others, in hundredths to the next five, that lie below; of equals half of them. */
export function rankAmong(value: number, others: readonly number[]): number {
  const below = others.reduce((sum, other) => sum + (other < value ? 1 : other === value ? 0.5 : 0), 0)
  return Math.round(((below / others.length) * 100) / 5) * 5
}

export function percentilesBy(at: (share: number) => number): NonNullable<CohortCell['percentiles']> {
  return { p10: at(0.1), p25: at(0.25), p50: at(0.5), p75: at(0.75), p90: at(0.9) }
}

/** To a tenth of the smallest useful change at this level. */
export function roundingOf({ usefulChange, ofMedian }: TrendMetric, level: number): (value: number) => number {
  const step = (ofMedian ? usefulChange * level : usefulChange) / 10
  const decimals = Math.max(0, Math.ceil(-Math.log10(step)) + 1)
  return (value) => (step > 0 ? Number((Math.round(value / step) * step).toFixed(decimals)) : value)
}

export function roundedPeople(count: number): number {
  return Math.max(LEAST_PEOPLE, Math.floor(count / 5) * 5)
}
