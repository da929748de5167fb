import type { Day, Reason } from '../model/day.ts'
import type { Evidence } from '../model/insight.ts'
import { median } from '../signal/statistics.ts'
import { type Baseline, sideOf } from './baseline.ts'
import { clockDifference } from './clock.ts'
import { type Figure, type FigureName, figures } from './figures.ts'
import type { Section, Telling, View } from './view.ts'
import { say, sayDifference, told, type Units } from './wording.ts'

/** One sentence for each figure that deserves one, against the person's own baseline where there is one. */
export function compareFigures(view: View): { readonly tellings: readonly Telling[]; readonly reasons: readonly Reason[] } {
  const doubts = doubtsOf(view)
  const tellings = sentences.flatMap((sentence) => {
    const figure: Figure = figures[sentence.figure]
    const value = figure.read(view.day)
    return value === undefined ? [] : tell(sentence, figure, value, view, doubts.get(sentence.figure))
  })
  return { tellings, reasons: [...doubts.values()] }
}

interface Sentence {
  readonly figure: FigureName
  readonly section: Section
  /** Told even where it is as usual or nothing is known to compare it with. */
  readonly always: boolean
  readonly weight: number
  readonly words: readonly [less: string, more: string]
  lead(value: string, day: Day): string
}

const amounts = ['less', 'more'] as const
const levels = ['lower', 'higher'] as const

const sentences: readonly Sentence[] = [
  sentence('totalSleep', 'sleep', 90, true, amounts, (value, day) => `You slept ${isEstimated(day) ? 'an estimated ' : ''}${value}`),
  sentence('sleepEfficiency', 'sleep', 45, false, amounts, (value, day) => `You were asleep for ${value} of ${nightSpan(day)}`),
  sentence('bedtime', 'sleep', 40, false, ['earlier', 'later'], (value) => `You fell asleep at ${value}`),
  sentence('timeAwake', 'sleep', 38, false, amounts, (value) => `You were awake for ${value} during the night`),
  sentence('deepSleep', 'sleep', 35, false, amounts, (value) => `You had ${value} of deep sleep`),
  sentence('remSleep', 'sleep', 34, false, amounts, (value) => `You had ${value} of REM sleep`),
  sentence('steps', 'activity', 85, true, ['fewer', 'more'], (value) => `You took ${value} ${value === '1' ? 'step' : 'steps'}`),
  sentence('activeMinutes', 'activity', 75, true, amounts, (value) => `You were active for ${value}`),
  sentence('caloriesBurned', 'activity', 32, false, amounts, (value) => `You burned ${value}`),
  sentence('distance', 'activity', 30, false, amounts, (value) => `You covered ${value} on foot`),
  sentence('restingHeartRate', 'heart', 80, true, levels, (value) => `Your resting heart rate was ${value}`),
  sentence('hrvSdnn', 'heart', 50, true, levels, (value) => `Your heart rate variability (SDNN) was ${value}`),
  sentence('hrvRmssd', 'heart', 50, true, levels, (value) => `Your heart rate variability (RMSSD) was ${value}`),
  sentence('averageHeartRate', 'heart', 33, true, levels, (value) => `Your heart rate averaged ${value}`),
]

/** An unusual figure comes before the usual ones of its kind. */
const unusualWeight = 20

function tell(sentence: Sentence, figure: Figure, exact: number, view: View, doubt: Reason | undefined): Telling[] {
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
  const { section, weight, words, always } = sentence
  const { unit } = figure
  const value = told(unit, exact, units)
  const usual = told(unit, baseline.median, units)
  const difference = unit === '{clock}' ? clockDifference(value, usual) : value - usual
  const side = difference === 0 ? 0 : sideOf(figure, exact, baseline)
  if (side === 0 && !always) return []
  const compared =
    side === 0
      ? likeness(figure, difference, usual)
      : `${sayDifference(unit, difference, units)} ${words[side < 0 ? 0 : 1]} than your usual`
  const lead = sentence.lead(say(unit, value, units), day)
  return [
    {
      section,
      weight: side === 0 ? weight : weight + unusualWeight,
      text: `${lead}, ${compared} ${say(unit, usual, units)} (median of ${baseline.n} ${figure.per}).`,
      evidence: comparedEvidence(figure, value, baseline, { day, units }, side === 0 ? undefined : difference),
    },
  ]
}

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
function doubtsOf(view: View): ReadonlyMap<FigureName, Reason> {
  const { day, past, baselines, over } = view
  const worn = day.coverage.wornMinutes
  const need = Math.round(wornShare * median(past.map(({ coverage }) => coverage.wornMinutes)))
  const doubts = new Map<FigureName, Reason>()
  for (const { figure: name } of sentences) {
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
}

function sentence(
  figure: FigureName,
  section: Section,
  weight: number,
  always: boolean,
  words: Sentence['words'],
  lead: Sentence['lead'],
): Sentence {
  return { figure, section, weight, always, words, lead }
}

function isEstimated({ sleep }: Day): boolean {
  return sleep?.method.startsWith('device') === false
}

function nightSpan({ sleep }: Day): string {
  return sleep?.efficiencyBasis === 'maintenance' ? 'the time between falling asleep and waking up' : 'your time in bed'
}
