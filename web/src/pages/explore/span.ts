/** What is seen. `toMs` is not included. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000
const LONGEST_MS = 3653 * DAY_MS

/** Ranges that one chooses by name. */
export const spanWidths = {
  '10y': LONGEST_MS,
  '1y': 365 * DAY_MS,
  '3m': 91 * DAY_MS,
  '1m': 30 * DAY_MS,
  '1w': 7 * DAY_MS,
  '1d': DAY_MS,
  '1h': 60 * MINUTE_MS,
  '1min': MINUTE_MS,
} as const
export type SpanName = keyof typeof spanWidths
export const spanNames = Object.keys(spanWidths) as readonly SpanName[]

/** All that there is to see: ten years to the end of the latest date. */
export function wholeUntil(toMs: number): Span {
  return { fromMs: toMs - LONGEST_MS, toMs }
}

/** Within the whole, no shorter than a minute, in whole seconds: moved rather than cut. */
export function within({ fromMs, toMs }: Span, whole: Span): Span {
  const width = Math.min(Math.max(toMs - fromMs, MINUTE_MS), whole.toMs - whole.fromMs)
  const from = Math.min(Math.max(fromMs, whole.fromMs), whole.toMs - width)
  return { fromMs: Math.round(from / 1000) * 1000, toMs: Math.round((from + width) / 1000) * 1000 }
}

/** So many times as wide, with `atMs` where it was. */
export function zoomed({ fromMs, toMs }: Span, factor: number, atMs: number): Span {
  return { fromMs: atMs - (atMs - fromMs) * factor, toMs: atMs + (toMs - atMs) * factor }
}

/** Later by a share of its width. */
export function moved({ fromMs, toMs }: Span, share: number): Span {
  const by = (toMs - fromMs) * share
  return { fromMs: fromMs + by, toMs: toMs + by }
}

/** So wide, around the middle of what is seen; ends where that ends if it ends with the whole. */
export function resized(span: Span, widthMs: number, whole: Span): Span {
  if (span.toMs >= whole.toMs) return { fromMs: span.toMs - widthMs, toMs: span.toMs }
  const middle = (span.fromMs + span.toMs) / 2
  return { fromMs: middle - widthMs / 2, toMs: middle + widthMs / 2 }
}
