import type { Figure } from './figures.ts'

export type Units = 'imperial' | 'metric'

type Unit = Figure['unit']

const metresPerMile = 1609.344

/** A value as it is told: to the step that the sentence shows. */
export function told(unit: Unit, value: number, units: Units): number {
  const step = unit === 'm' ? { imperial: metresPerMile / 10, metric: 100 }[units] : 1
  return halfEven(value / step) * step
}

/** `6 h 12 min`, `14,079`, `65 bpm`, `9.8 km`. */
export function say(unit: Unit, value: number, units: Units): string {
  return sayings[unit](value, units)
}

/** The size of a difference, without its sign. */
export function sayDifference(unit: Unit, difference: number, units: Units): string {
  const size = Math.abs(difference)
  if (unit === '{clock}') return sayDuration(size)
  return unit === '%' ? `${grouped(size)} points` : say(unit, size, units)
}

/** `48 min`, `7 h 0 min`. */
export function sayDuration(minutes: number): string {
  const whole = halfEven(minutes)
  return whole < 60 ? `${whole} min` : `${Math.floor(whole / 60)} h ${whole % 60} min`
}

/** `14,079`. */
export function grouped(value: number): string {
  const text = String(halfEven(value))
  return text.length < 4 ? text : text.replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** To the nearest integer, and to the even one from halfway (IEEE 754): no drift upwards. */
export function halfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

const sayings: Record<Unit, (value: number, units: Units) => string> = {
  min: sayDuration,
  '{clock}': (minute) => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`,
  '{steps}': grouped,
  '{awakenings}': grouped,
  '{flights}': grouped,
  '{breaths}/min': grouped,
  '/min': (value) => `${grouped(value)} bpm`,
  ms: (value) => `${grouped(value)} ms`,
  kcal: (value) => `${grouped(value)} kcal`,
  '%': (value) => `${grouped(value)} %`,
  m: (metres, units) => (units === 'metric' ? `${(metres / 1000).toFixed(1)} km` : `${(metres / metresPerMile).toFixed(1)} mi`),
}
