import { methodOf } from '../model/algorithms.ts'
import type { CircadianAnalysis } from '../model/insight.ts'
import { rounded } from './frame.ts'
import type { Rhythm } from './rhythm.ts'

/** The figures as an insight gives them. */
export function circadianFigures(rhythm: Rhythm): {
  readonly figures: Omit<CircadianAnalysis, 'insights'>
  readonly methods: Record<string, string>
} {
  const { activity } = rhythm
  const figures = {
    ...figure('sleepRegularity', rhythm.regularity, (value) => rounded(value, 1)),
    ...figure('midSleep', rhythm.midSleep, clockText),
    ...figure('chronotype', rhythm.chronotype, clockText),
    ...figure('socialJetlag', rhythm.socialJetlag, Math.round),
    ...figure('sleepDebt', rhythm.debt, Math.round),
    ...figure('sleepNeed', rhythm.debt === undefined ? undefined : rhythm.need, Math.round),
    ...figure('interdailyStability', activity?.stability, (value) => rounded(Math.min(1, value), 3)),
    ...figure('intradailyVariability', activity?.variability, (value) => rounded(value, 3)),
    ...figure('relativeAmplitude', activity?.amplitude, (value) => rounded(value, 3)),
    ...figure('quietFrom', activity?.quietFrom, (hour) => clockText(60 * hour)),
    ...figure('busyFrom', activity?.busyFrom, (hour) => clockText(60 * hour)),
    ...figure('activityPeak', activity?.peak, (hour) => clockText(60 * hour)),
  }
  const methods = Object.keys(figures).map((name) => [
    `/data/circadianAnalysis/${name}`,
    methodOf(algorithmOf[name as keyof typeof algorithmOf]),
  ])
  return { figures, methods: Object.fromEntries(methods) }
}

const algorithmOf = {
  sleepRegularity: 'sleep_regularity',
  midSleep: 'mid_sleep',
  chronotype: 'chronotype',
  socialJetlag: 'social_jetlag',
  sleepDebt: 'sleep_debt',
  sleepNeed: 'sleep_debt',
  interdailyStability: 'interdaily_stability',
  intradailyVariability: 'intradaily_variability',
  relativeAmplitude: 'relative_amplitude',
  quietFrom: 'relative_amplitude',
  busyFrom: 'relative_amplitude',
  activityPeak: 'cosinor',
} as const

/** `07:05`. */
export function clockText(minute: number): string {
  const whole = ((Math.round(minute) % 1440) + 1440) % 1440
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}

function figure<Name extends string, Shown>(
  name: Name,
  value: number | undefined,
  show: (value: number) => Shown,
): { readonly [_ in Name]?: Shown } {
  return value === undefined ? {} : ({ [name]: show(value) } as { readonly [_ in Name]: Shown })
}
