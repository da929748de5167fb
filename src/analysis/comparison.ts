import type { Day, Reason } from '../model/day.ts'
import type { Evidence } from '../model/insight.ts'
import { remembered } from '../model/remembered.ts'
import { median } from '../signal/statistics.ts'
import { type Baseline, sideOf } from './baseline.ts'
import { clockDifference } from './clock.ts'
import { type Figure, type FigureName, figureNames, figures } from './figures.ts'
import type { Rule } from './rule.ts'
import type { Polarity, Section, Telling, View } from './view.ts'
import { say, sayDifference, told, type Units } from './wording.ts'

const amounts = ['less', 'more'] as const
const counts = ['fewer', 'more'] as const
const levels = ['lower', 'higher'] as const
const lengths = ['shorter', 'longer'] as const
const times = ['earlier', 'later'] as const

/** One sentence for each figure that deserves one, against the person's own baseline where there is one. */
export const comparisons: readonly Rule[] = [
  ...compared('sleep', [
    ['totalSleep', 90, true, amounts, 1, (value, day) => `You slept ${isEstimated(day) ? 'an estimated ' : ''}${value}`],
    ['sleepEfficiency', 45, false, amounts, 1, (value, day) => `You were asleep for ${value} of ${nightSpan(day)}`],
    ['bedtime', 40, false, times, 0, (value) => `You fell asleep at ${value}`],
    ['wakeTime', 29, false, times, 0, (value) => `You woke up at ${value}`],
    ['timeAwake', 38, false, amounts, -1, (value) => `You were awake for ${value} during the night`],
    ['awakenings', 31, false, counts, -1, (value) => `You had ${value} ${value === '1' ? 'awakening' : 'awakenings'}`],
    ['sleepLatency', 37, false, amounts, -1, (value) => `It took you ${value} to fall asleep`],
    ['deepSleep', 35, false, amounts, 1, (value) => `You had ${value} of deep sleep`],
    ['remSleep', 34, false, amounts, 1, (value) => `You had ${value} of REM sleep`],
    ['lightSleep', 27, false, amounts, 0, (value) => `You had ${value} of light sleep`],
    ['breathing', 26, false, counts, 0, (value) => `You took ${value} breaths a minute asleep`],
  ]),
  ...compared('activity', [
    ['steps', 85, true, counts, 1, (value) => `You took ${value} ${value === '1' ? 'step' : 'steps'}`],
    ['activeMinutes', 75, true, amounts, 1, (value) => `You were active for ${value}`],
    ['caloriesBurned', 32, false, amounts, 0, (value) => `You burned ${value}`],
    ['distance', 30, false, amounts, 1, (value) => `You covered ${value} on foot`],
    ['flights', 25, false, counts, 1, (value) => `You climbed ${value} ${value === '1' ? 'flight' : 'flights'} of stairs`],
    ['sitting', 36, false, amounts, -1, (value) => `You were awake without a step for ${value}`],
    ['longestSitting', 24, false, lengths, -1, (value) => `Your longest stretch without a step lasted ${value}`],
  ]),
  ...compared('heart', [
    ['restingHeartRate', 80, true, levels, -1, (value) => `Your resting heart rate was ${value}`],
    ['hrvSdnn', 50, true, levels, 1, (value) => `Your heart rate variability (SDNN) was ${value}`],
    ['hrvRmssd', 50, true, levels, 1, (value) => `Your heart rate variability (RMSSD) was ${value}`],
    ['averageHeartRate', 33, true, levels, 0, (value) => `Your heart rate averaged ${value}`],
    ['hardMinutes', 39, false, amounts, 0, (value) => `Your heart worked in its hard zones for ${value}`],
  ]),
]

/** Why cumulative figures of the day are not compared. */
export function comparisonReasons(view: View): readonly Reason[] {
  return [...doubtsOf(view).values()]
}

interface Sentence {
  readonly figure: FigureName
  readonly section: Section
  /** Told even where it is as usual or nothing is known to compare it with. */
  readonly always: boolean
  readonly weight: number
  readonly words: Words
  /** 1 where more is better, −1 where less is, 0 where neither. */
  readonly better: -1 | 0 | 1
  lead(value: string, day: Day): string
}

type Words = readonly [less: string, more: string]

function compared(
  section: Section,
  rows: readonly (readonly [FigureName, number, boolean, Words, Sentence['better'], Sentence['lead']])[],
): Rule[] {
  return rows.map(([name, weight, always, words, better, lead]) => {
    const sentence: Sentence = { figure: name, section, weight, always, words, better, lead }
    const figure: Figure = figures[name]
    return {
      name: `usual_${figure.metric}`,
      kind: 'insight',
      section,
      topic: `${figure.metric} of the day`,
      condition: always
        ? 'always; compared with at least 7 of the 28 dates before'
        : 'outside the usual range of the 28 dates before, at least 7 known',
      usefulChange: changeText(figure),
      source: 'the person’s own median and MAD; the change is our choice',
      tell: (view) => {
        const value = figure.read(view.day)
        return value === undefined ? [] : tell(sentence, figure, value, view)
      },
    }
  })
}

/** `30 min`, `10 %`. */
function changeText({ usefulChange, unit, scale }: Figure): string {
  if (scale === 'ln') return `${Math.round(usefulChange * 100)} %`
  return sayDifference(unit, usefulChange, 'metric')
}

/** An unusual figure comes before the usual ones of its kind. */
const unusualWeight = 20

function tell(sentence: Sentence, figure: Figure, exact: number, view: View): Telling[] {
  const doubt = doubtsOf(view).get(sentence.figure)
  const baseline = view.baselines.ready.get(sentence.figure)
  if (baseline !== undefined && doubt === undefined) return tellCompared(sentence, figure, exact, view, baseline)
  if (!sentence.always) return []
  const { unit, metric } = figure
  const value = told(unit, exact, view.units)
  const lead = sentence.lead(say(unit, value, view.units), view.day)
  const text = doubt?.code === 'day_not_over' ? `${lead} so far.` : `${lead}.`
  return [{ section: sentence.section, weight: sentence.weight, text, evidence: [{ metric, value, unit, window: view.day.date }] }]
}

function tellCompared(sentence: Sentence, figure: Figure, exact: number, { day, units }: View, baseline: Baseline): Telling[] {
  const { section, weight, words, always, better } = sentence
  const { unit } = figure
  const value = told(unit, exact, units)
  const usual = told(unit, baseline.median, units)
  const difference = unit === '{clock}' ? clockDifference(value, usual) : value - usual
  const side = difference === 0 ? 0 : sideOf(figure, exact, baseline)
  if (side === 0 && !always) return []
  const compared =
    side === 0
      ? likeness(figure, difference, usual)
      : // Of a usual 0 the difference is the value again.
        `${usual === 0 ? '' : `${sayDifference(unit, difference, units)} `}${words[side < 0 ? 0 : 1]} than your usual`
  const lead = sentence.lead(say(unit, value, units), day)
  return [
    {
      section,
      weight: side === 0 ? weight : weight + unusualWeight,
      polarity: polarities[1 + side * better] ?? 'neutral',
      text: `${lead}, ${compared} ${say(unit, usual, units)} (median of ${baseline.n} ${figure.per}).`,
      evidence: comparedEvidence(figure, value, baseline, { day, units }, side === 0 ? undefined : difference),
    },
  ]
}

const polarities: readonly Polarity[] = ['bad', 'neutral', 'good']

/** Someone whose days differ widely has a usual range that “about” would not describe. */
function likeness({ scale, usefulChange }: Figure, difference: number, usual: number): string {
  const close = scale === 'ln' ? usefulChange * usual : usefulChange
  return Math.abs(difference) <= close ? 'about your usual' : 'within your usual range around'
}

/** The numbers as they are told; the deviation is finer by one digit. */
function comparedEvidence(
  figure: Figure,
  value: number,
  { median: middle, mad, n, window }: Baseline,
  { day, units }: { readonly day: Day; readonly units: Units },
  difference: number | undefined,
): Evidence[] {
  const baseline = { median: told(figure.unit, middle, units), mad: Math.round(mad * 10) / 10, n, window }
  const itself: Evidence = { metric: figure.metric, value, unit: figure.unit, window: day.date, baseline }
  if (difference === undefined) return [itself]
  const unit = figure.unit === '{clock}' ? 'min' : figure.unit
  return [itself, { metric: `${figure.metric}_difference`, value: difference, unit, window: day.date }]
}

/** Worn for less than this share of the usual, a low total says more of the wear than of the day. */
const wornShare = 0.75

/** A date further from 24 hours than a clock change makes it is one of travel: its totals are of another length of time. */
const clockChangeMinutes = 90

/** Why a cumulative figure is not compared though it has a baseline. `have` and `need` in minutes worn. */
const doubtsOf = remembered((view: View): ReadonlyMap<FigureName, Reason> => {
  const { day, past, baselines, over } = view
  const worn = day.coverage.wornMinutes
  const need = Math.round(wornShare * median(past.map(({ coverage }) => coverage.wornMinutes)))
  const doubts = new Map<FigureName, Reason>()
  for (const name of figureNames) {
    const figure: Figure = figures[name]
    const value = figure.read(day)
    if (value === undefined || !figure.cumulative) continue
    if (!over) doubts.set(name, { field: figure.field, code: 'day_not_over' })
    else if (Math.abs(day.coverage.dayMinutes - 1440) > clockChangeMinutes)
      doubts.set(name, { field: figure.field, code: 'day_of_travel', have: day.coverage.dayMinutes, need: 1440 })
    else if (worn < need && value < (baselines.ready.get(name)?.median ?? 0))
      doubts.set(name, { field: figure.field, code: 'less_worn_than_usual', have: worn, need })
  }
  return doubts
})

function isEstimated({ sleep }: Day): boolean {
  return sleep?.method.startsWith('device') === false
}

function nightSpan({ sleep }: Day): string {
  return sleep?.efficiencyBasis === 'maintenance' ? 'the time between falling asleep and waking up' : 'your time in bed'
}
