import type { Evidence } from '../model/insight.ts'
import { dimensionOf, type NumberInText, numbersOf } from './numbers-in-text.ts'

/**
 * The numbers of a text that no evidence bears, as they stand there; empty for a text that may be shown. A number is borne
 * by an evidence's value, median, deviation, count or window that rounds to it, in the unit that the text gives it; a
 * number without a unit is looked for in every evidence's own unit. Signs are not compared.
 */
export function unsupportedNumbers(text: string, evidence: readonly Evidence[]): string[] {
  const borne = evidence.flatMap(numbersIn)
  const dates = new Set(evidence.flatMap((each) => datesOf(each.window).concat(datesOf(each.baseline?.window ?? ''))))
  return numbersOf(text)
    .filter((number) => !(number.dimension === 'date' ? dates.has(number.text) : borne.some((each) => bears(each, number))))
    .map((number) => number.text)
}

interface Borne {
  readonly dimension: string
  /** In the dimension's base unit. */
  readonly value: number
  /** As the evidence has it. */
  readonly own: number
}

function bears({ dimension, value, own }: Borne, number: NumberInText): boolean {
  if (number.dimension === undefined) return dimension !== 'clock' && near(own, number.value, number.step)
  return dimension === number.dimension && near(value, number.value, number.step)
}

/** NaN is near nothing. */
function near(value: number, shown: number, step: number): boolean {
  return Math.abs(Math.abs(value) - shown) <= step / 2 + 1e-6 * step
}

function numbersIn({ value, unit, window, baseline }: Evidence): Borne[] {
  const { dimension, factor } = dimensionOf(unit) ?? { dimension: unit, factor: 1 }
  const spread = dimension === 'clock' ? { dimension: 'time', factor: 1 } : { dimension, factor }
  const own = [value, ...(baseline === undefined ? [] : [baseline.median])].map((each) => ({ dimension, value: each * factor, own: each }))
  if (baseline === undefined) return [...own, ...counts([lengthOf(window)])]
  const mad = { dimension: spread.dimension, value: baseline.mad * spread.factor, own: baseline.mad }
  return [...own, mad, ...counts([baseline.n, lengthOf(window), lengthOf(baseline.window)])]
}

function counts(values: readonly number[]): Borne[] {
  return values.map((value) => ({ dimension: 'count', value, own: value }))
}

function datesOf(window: string): string[] {
  return window.match(/\d{4}-\d{2}-\d{2}/g) ?? []
}

/** Days of a window written `2024-01-14/2024-01-20` (both included) or `7d`; NaN of any other. */
function lengthOf(window: string): number {
  const days = /^(\d+)d$/.exec(window)?.[1]
  if (days !== undefined) return Number(days)
  const [from, to] = datesOf(window)
  if (from === undefined || to === undefined) return Number.NaN
  return Temporal.PlainDate.from(from).until(to).days + 1
}
