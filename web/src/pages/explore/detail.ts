import { DAY_MS, type Span } from './span.ts'

interface Detail {
  /** Chosen by itself up to this width of what is seen: some thousand values. */
  readonly upToMs: number
  /** What is asked for begins and ends at multiples of this, so that a small move asks for nothing. */
  readonly stepMs: number
  /** Asked for in pieces of this: what the server gives in one answer. */
  readonly pieceMs: number
  /** Values further apart have a gap between them, ms from start to start. */
  readonly gapMs: number
}

const HOUR_MS = 3_600_000

/** From the finest. Of samples as they were measured a quarter of an hour without any is a gap, as it is on Today. */
export const details = {
  raw: { upToMs: 26 * HOUR_MS, stepMs: 6 * HOUR_MS, pieceMs: DAY_MS, gapMs: HOUR_MS / 4 },
  '1min': { upToMs: 3 * DAY_MS, stepMs: DAY_MS, pieceMs: 30 * DAY_MS, gapMs: 90_000 },
  '5min': { upToMs: 14 * DAY_MS, stepMs: 3 * DAY_MS, pieceMs: 120 * DAY_MS, gapMs: 450_000 },
  '15min': { upToMs: 45 * DAY_MS, stepMs: 10 * DAY_MS, pieceMs: 366 * DAY_MS, gapMs: 1_350_000 },
  '1hour': { upToMs: 100 * DAY_MS, stepMs: 30 * DAY_MS, pieceMs: 366 * DAY_MS, gapMs: 1.5 * HOUR_MS },
  // A date has up to 25 hours.
  '1day': { upToMs: Number.POSITIVE_INFINITY, stepMs: 3653 * DAY_MS, pieceMs: 3653 * DAY_MS, gapMs: 1.5 * DAY_MS },
} as const satisfies Readonly<Record<string, Detail>>

export type DetailName = keyof typeof details
export const detailNames = Object.keys(details) as readonly DetailName[]

/** So many pieces are asked for at most. */
const MOST_PIECES = 12

/** The detail for what is seen: the one that was chosen, if that is not too much to ask for. */
export function detailFor({ fromMs, toMs }: Span, chosen: DetailName | undefined): DetailName {
  const width = toMs - fromMs
  const fits = detailNames.find((name) => width <= details[name].upToMs) ?? '1day'
  return chosen === undefined || width > (MOST_PIECES - 1) * details[chosen].pieceMs ? fits : chosen
}

/** What is asked for to see a span: a little more, cut at fixed places, and nothing outside the whole. */
export function askedFor(span: Span, name: DetailName, whole: Span): Span {
  const { stepMs } = details[name]
  return {
    fromMs: Math.max(whole.fromMs, Math.floor(span.fromMs / stepMs) * stepMs),
    toMs: Math.min(whole.toMs, Math.ceil(span.toMs / stepMs) * stepMs),
  }
}

export function piecesOf({ fromMs, toMs }: Span, name: DetailName): readonly Span[] {
  const { pieceMs } = details[name]
  return Array.from({ length: Math.ceil((toMs - fromMs) / pieceMs) }, (_, at) => ({
    fromMs: fromMs + at * pieceMs,
    toMs: Math.min(toMs, fromMs + (at + 1) * pieceMs),
  }))
}
