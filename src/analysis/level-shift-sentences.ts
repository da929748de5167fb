import type { Change } from '../model/change.ts'
import type { TrendMetricName } from '../model/trend-metrics.ts'
import { shiftDate } from './baseline.ts'
import type { Rule } from './rule.ts'
import type { Section, Telling, View } from './view.ts'
import { say, sayDifference, told } from './wording.ts'

interface Words {
  readonly section: Section
  readonly what: string
  /** As sentences have it; figures of sleep are told in minutes. */
  readonly unit: '/min' | '{steps}' | 'min' | 'ms'
  readonly factor?: number
  /** Of what and how often, where the number does not say it. */
  readonly per?: string
  readonly compared: readonly [less: string, more: string]
}

const words: Readonly<Partial<Record<TrendMetricName, Words>>> = {
  resting_heart_rate: { section: 'heart', what: 'Your resting heart rate has been', unit: '/min', compared: ['lower', 'higher'] },
  hrv_sdnn: { section: 'heart', what: 'Your heart rate variability (SDNN) has been', unit: 'ms', compared: ['lower', 'higher'] },
  hrv_rmssd: { section: 'heart', what: 'Your heart rate variability (RMSSD) has been', unit: 'ms', compared: ['lower', 'higher'] },
  total_sleep_hours: { section: 'sleep', what: 'You have slept', unit: 'min', factor: 60, per: ' a night', compared: ['less', 'more'] },
  total_steps: { section: 'activity', what: 'You have taken', unit: '{steps}', per: ' steps a day', compared: ['fewer', 'more'] },
}

/** One rule for each section, since a sentence stands where its metric does. */
export const levelShifts: readonly Rule[] = (['sleep', 'activity', 'heart'] as const).map((section) => ({
  name: `${section}_level_shift`,
  kind: 'insight',
  section,
  topic: `${section}_level`,
  condition:
    'the level of the metric changed for good: said once, by the insight of the date after the one that showed it; both medians and since when',
  usefulChange: 'the metric’s own, as trends have it',
  source: 'Pettitt 1979, J R Stat Soc C 28:126, on the last 90 values; see docs/trends.md',
  tell: (view) => levelShiftsOn(view).filter((telling) => telling.section === section),
}))

/** A level shift is told once: by the insight of the date after the one that showed it, which is when the trends know of it. */
export function levelShiftsOn({ day, changes, units }: Pick<View, 'day' | 'changes' | 'units'>): Telling[] {
  const yesterday = shiftDate(day.date, -1)
  return changes.filter(({ kind, noticedOn }) => kind === 'level_shift' && noticedOn === yesterday).flatMap((change) => tell(change, units))
}

function tell({ metric, date, noticedOn, before, after }: Change, units: View['units']): Telling[] {
  const its = words[metric]
  if (its === undefined) return []
  const { section, what, unit, factor = 1, per = '', compared } = its
  const [was, is] = [before, after].map((value) => told(unit, value * factor, units)) as [number, number]
  if (is === was) return []
  const side = compared[is < was ? 0 : 1]
  const text = `${what} about ${say(unit, is, units)}${per} since ${date}, ${sayDifference(unit, is - was, units)} ${side} than the ${say(unit, was, units)} before (medians).`
  const window = `${date}/${noticedOn}`
  return [
    {
      section,
      weight: 70,
      text,
      evidence: [
        { metric, value: is, unit, window },
        { metric: `${metric}_before`, value: was, unit, window: `before ${date}` },
        { metric: `${metric}_difference`, value: is - was, unit, window },
      ],
    },
  ]
}
