import type { FlagCode, QuarantineCode } from '../../model/marks.ts'
import type { KindReader } from './kind-reader.ts'
import { Bits } from './rows.ts'

const DAY_MS = 86_400_000
const FLAG_AFTER_MS = 5 * 60_000

/** Rows [from, to) of one kind, ascending by start. */
export interface Run {
  readonly from: number
  readonly to: number
  readonly kind: KindReader
}

/** Whether no row of a run can have a verdict or a flag. */
export function isPlain({ from, to, kind }: Run, any: number, start: Float64Array, value: Float64Array, nowMs: number): boolean {
  if (kind.quarantine !== null || kind.flag !== null || (any & FLAGGED) !== 0) return false
  if (!((start[from] as number) >= 0 && (start[to - 1] as number) <= nowMs + FLAG_AFTER_MS)) return false
  if (kind.metric === null || kind.category) return true
  const { min, max } = kind
  for (let k = from; k < to; k++) if (!((value[k] as number) >= min && (value[k] as number) <= max)) return false
  return true
}

/** Why a sample is kept out of every statistic, if it is. */
export function verdict(kind: KindReader, value: number, bits: number, startMs: number, nowMs: number): QuarantineCode | null {
  if (kind.quarantine !== null) return kind.quarantine
  if (startMs > nowMs + DAY_MS) return 'future'
  if (startMs < 0) return 'bad_time'
  if (kind.metric === null || kind.category) return null
  if (bits & Bits.TEXT || Number.isNaN(value)) return 'not_a_number'
  return value < kind.min || value > kind.max ? kind.outOfRange : null
}

/** Not a flag that counts as doubt: who typed a value in said so. */
const MANUAL = 'manual'

const FLAGGED = Bits.MANUAL | Bits.CREATED_EARLY | Bits.LEAP_SECOND

/** What is said of a sample beside its value. */
export interface Flags {
  /** Separated by spaces. */
  readonly text: string
  readonly doubts: readonly FlagCode[]
}

/** The same object for the same flags: in a file whose clock was ahead every sample has some. */
export function flagsOf(kind: KindReader, bits: number, startMs: number, nowMs: number): Flags | null {
  const ahead = startMs > nowMs + FLAG_AFTER_MS ? AHEAD : 0
  const own = (bits & FLAGGED) | ahead
  if (own === 0 && kind.flag === null) return null
  const known = made.get(kind.flag)?.get(own)
  if (known !== undefined) return known
  const flags = flagsIn(own, kind.flag)
  const beside = made.get(kind.flag) ?? new Map<number, Flags>()
  made.set(kind.flag, beside.set(own, flags))
  return flags
}

/** Beside the bits of a row. */
const AHEAD = 1 << 16
const made = new Map<FlagCode | null, Map<number, Flags>>()

function flagsIn(own: number, ofKind: FlagCode | null): Flags {
  const doubts: FlagCode[] = []
  if (own & Bits.CREATED_EARLY) doubts.push('created_before_start')
  if (own & Bits.LEAP_SECOND) doubts.push('leap_second')
  if (own & AHEAD) doubts.push('clock_skew')
  if (ofKind !== null) doubts.push(ofKind)
  return { text: [...(own & Bits.MANUAL ? [MANUAL] : []), ...doubts].join(' '), doubts }
}
