import { type AlgorithmName, methodOf } from '../model/algorithms.ts'
import type { CircadianAnalysis } from '../model/insight.ts'
import { rounded } from './frame.ts'
import type { Rhythm } from './rhythm.ts'

type Figures = Omit<CircadianAnalysis, 'insights'>

/** The figures as an insight gives them. */
export function circadianFigures(rhythm: Rhythm): { readonly figures: Figures; readonly methods: Record<string, string> } {
  const figures: Partial<Record<keyof Figures, number | string>> = {}
  const methods: Record<string, string> = {}
  for (const { name, path, method, read } of rows) {
    const value = read(rhythm)
    if (value === undefined) continue
    figures[name] = value
    methods[path] = method
  }
  return { figures: figures as Figures, methods }
}

type Read = (rhythm: Rhythm) => number | string | undefined

const rows = [
  row('sleepRegularity', 'sleep_regularity', ({ regularity }) => shown(regularity, (value) => rounded(value, 1))),
  row('midSleep', 'mid_sleep', ({ midSleep }) => shown(midSleep, clockText)),
  row('chronotype', 'chronotype', ({ chronotype }) => shown(chronotype, clockText)),
  row('socialJetlag', 'social_jetlag', ({ socialJetlag }) => shown(socialJetlag, Math.round)),
  row('sleepDebt', 'sleep_debt', ({ debt }) => shown(debt, Math.round)),
  row('sleepNeed', 'sleep_debt', ({ debt, need }) => shown(debt === undefined ? undefined : need, Math.round)),
  row('interdailyStability', 'interdaily_stability', ({ activity }) =>
    shown(activity?.stability, (value) => rounded(Math.min(1, value), 3)),
  ),
  row('intradailyVariability', 'intradaily_variability', ({ activity }) => shown(activity?.variability, (value) => rounded(value, 3))),
  row('relativeAmplitude', 'relative_amplitude', ({ activity }) => shown(activity?.amplitude, (value) => rounded(value, 3))),
  row('quietFrom', 'relative_amplitude', ({ activity }) => shown(activity?.quietFrom, hourText)),
  row('busyFrom', 'relative_amplitude', ({ activity }) => shown(activity?.busyFrom, hourText)),
  row('activityPeak', 'cosinor', ({ activity }) => shown(activity?.peak, hourText)),
]

function row(name: keyof Figures, algorithm: AlgorithmName, read: Read) {
  return { name, path: `/data/circadianAnalysis/${name}`, method: methodOf(algorithm), read }
}

function shown<As>(value: number | undefined, show: (value: number) => As): As | undefined {
  return value === undefined ? undefined : show(value)
}

function hourText(hour: number): string {
  return clockText(60 * hour)
}

/** `07:05`. */
export function clockText(minute: number): string {
  const whole = ((Math.round(minute) % 1440) + 1440) % 1440
  return `${String(Math.floor(whole / 60)).padStart(2, '0')}:${String(whole % 60).padStart(2, '0')}`
}
