import { type FigureName, figures } from './figures.ts'
import type { View } from './view.ts'

/** The day's heart rate variability, of its own kind; whole ms. */
export interface Variability {
  readonly figure: FigureName
  readonly metric: string
  /** `SDNN`. */
  readonly name: string
  readonly value: number
}

export function variability({ day }: View): Variability | undefined {
  if (day.hrv === undefined) return undefined
  const figure = day.hrv.kind === 'sdnn' ? 'hrvSdnn' : 'hrvRmssd'
  return { figure, metric: figures[figure].metric, name: day.hrv.kind.toUpperCase(), value: Math.round(day.hrv.value) }
}
