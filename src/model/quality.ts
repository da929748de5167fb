import type { FlagCode, QuarantineCode } from './marks.ts'
import { type MetricName, metrics } from './metrics.ts'
import type { ProblemCode } from './problem.ts'
import type { Counts } from './session.ts'

export type Verdict = 'reject' | 'normalise' | 'flag' | 'quarantine'
/** How the caller wants improbable data handled (RFC 7240 `Prefer: handling`): strict refuses the whole session. */
export type Handling = 'lenient' | 'strict'

export interface Rule {
  readonly verdict: Verdict
  readonly code: FlagCode | QuarantineCode | ProblemCode
  readonly strictCode: ProblemCode
  /** The specification's own words, said when strict handling refuses; `{0}` and `{1}` are filled in. */
  readonly message: string
}

/** The specification's validation rules. `verdict` is the lenient one; strict makes each of them `reject`. */
export const rules = {
  heart_rate_range: {
    verdict: 'quarantine',
    code: 'hr_out_of_range',
    strictCode: 'hr_out_of_range',
    message: 'Heart rate must be between 30-220 BPM',
  },
  heart_rate_jump: {
    verdict: 'flag',
    code: 'hr_jump',
    strictCode: 'hr_jump',
    message: 'Heart rate changes too rapid, possible invalid data',
  },
  stage_word: { verdict: 'reject', code: 'invalid_enum', strictCode: 'invalid_enum', message: 'Invalid sleep stage: {0}' },
  stage_transition: {
    verdict: 'flag',
    code: 'unlikely_transition',
    strictCode: 'unlikely_transition',
    message: 'Unlikely sleep stage transition: {0} -> {1}',
  },
  end_after_start: {
    verdict: 'reject',
    code: 'end_before_start',
    strictCode: 'end_before_start',
    message: 'End time must be after start time',
  },
  at_most_24_hours: {
    verdict: 'flag',
    code: 'split_from',
    strictCode: 'session_too_long',
    message: 'Session duration cannot exceed 24 hours',
  },
  clock_skew: { verdict: 'flag', code: 'clock_skew', strictCode: 'future', message: 'Start time cannot be in the future' },
  future: { verdict: 'quarantine', code: 'future', strictCode: 'future', message: 'Start time cannot be in the future' },
} as const satisfies Record<string, Rule>

export type RuleName = keyof typeof rules

export interface Finding {
  readonly rule: RuleName
  readonly verdict: Verdict
  readonly code: Rule['code']
  readonly message: string
  /** Position of the sample or stage that it concerns; absent for the session as a whole. */
  readonly at?: number
}

/** What a rule says under a handling. `words` fill the message. */
export function finding(rule: RuleName, handling: Handling, at?: number, ...words: string[]): Finding {
  const { verdict, code, strictCode, message }: Rule = rules[rule]
  return {
    rule,
    verdict: handling === 'strict' ? 'reject' : verdict,
    code: handling === 'strict' ? strictCode : code,
    message: message.replace(/\{(\d)\}/g, (_, index: string) => words[Number(index)] ?? ''),
    ...(at !== undefined && { at }),
  }
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** A phone's clock may run this far ahead. */
export const clockToleranceMs = 5 * 60_000

/** Order, length and clock of a session. Lenient handling also minds an end in the future; the specification's rule speaks of the start. */
export function timeFindings(startMs: number, endMs: number, nowMs: number, handling: Handling = 'lenient'): Finding[] {
  const found: Finding[] = []
  if (!(endMs > startMs)) found.push(finding('end_after_start', handling))
  if (endMs - startMs > dayMs) found.push(finding('at_most_24_hours', handling))
  const ahead = aheadOfClock(handling === 'strict' ? startMs : Math.max(startMs, endMs), nowMs)
  if (ahead !== undefined) found.push(finding(ahead, handling))
  return found
}

/** Undefined up to 5 minutes ahead, `clock_skew` (flag) up to 24 hours, `future` (quarantine) beyond. */
export function aheadOfClock(instantMs: number, nowMs: number): 'clock_skew' | 'future' | undefined {
  const aheadMs = instantMs - nowMs
  if (aheadMs <= clockToleranceMs) return undefined
  return aheadMs <= dayMs ? 'clock_skew' : 'future'
}

/** A whole batch shifted against its arrival: the shift to suggest, never to apply silently. Undefined within 5 minutes. */
export function suggestedShiftMs(clientNowMs: number, arrivedMs: number): number | undefined {
  const shiftMs = arrivedMs - clientNowMs
  return Math.abs(shiftMs) > clockToleranceMs ? shiftMs : undefined
}

/** Parts of at most 24 hours, cut at the given instants (local midnights) inside it first. */
export function splitSession(startMs: number, endMs: number, midnightsMs: readonly number[] = []): { startMs: number; endMs: number }[] {
  const parts: { startMs: number; endMs: number }[] = []
  const cuts = endMs - startMs > dayMs ? midnightsMs.filter((cut) => cut > startMs && cut < endMs).toSorted((a, b) => a - b) : []
  let from = startMs
  for (const until of new Set([...cuts, endMs])) {
    for (; until - from > dayMs; from += dayMs) parts.push({ startMs: from, endMs: from + dayMs })
    parts.push({ startMs: from, endMs: until })
    from = until
  }
  return parts
}

/** Why a value cannot be of this metric; undefined when it can. NaN and infinities cannot. */
export function outOfRange(metric: MetricName, value: number): QuarantineCode | undefined {
  const { plausible, outOfRange: code } = metrics[metric]
  if (Number.isNaN(value)) return 'not_a_number'
  return value >= plausible[0] && value <= plausible[1] ? undefined : code
}

/** 1 where the value can be of this metric. */
export function plausibleMask(metric: MetricName, values: ArrayLike<number>): Uint8Array {
  const [min, max] = metrics[metric].plausible
  const mask = new Uint8Array(values.length)
  for (let at = 0; at < values.length; at++) {
    const value = values[at] ?? Number.NaN
    if (value >= min && value <= max) mask[at] = 1
  }
  return mask
}

/** Nothing was lost: each sample received met exactly one fate. */
export function conserved({ received, accepted, duplicate, quarantined, rejected }: Counts): boolean {
  return received === accepted + duplicate + quarantined + rejected
}
