import { eventIdFrom, msOfEventId, tailOf } from '../model/event.ts'
import { Problem } from '../model/problem.ts'

/** An event that is committed so much later than its id says is still found, ms. */
export const LATE_MS = 30_000
/** Of the events of that time, so many are remembered; where there are more, the time is shorter. */
const MOST_REMEMBERED = 200

/**
 * What a reader of a feed has had: every event before `from`, and of those after it the ones remembered. Writers commit side by side, so that an
 * event may come to light after a later one: a place between two events alone could not tell what is missing.
 */
export interface FeedPosition {
  /** The id, or beginning of one, from which on to read. */
  readonly from: string
  /** How many changes of this event the reader has had. */
  had(id: string): number
  /** The reader has had `count` changes of this event, which has `of`. */
  take(id: string, count: number, of: number): void
  /** All that there is from `from` on was looked at: what was remembered and not met is not there any more. */
  forgetUnmet(): void
  /** For `Last-Event-ID`. */
  toText(): string
}

export function positionAt(ms: number): FeedPosition {
  return position(eventIdFrom(ms), new Map())
}

/** `from.whole.parts`: ten hex digits for each event had wholly, three more for the changes had of one that is not. */
const form =
  /^([0-7][0-9A-HJKMNP-TV-Z]{9}(?:[0-9A-HJKMNP-TV-Z]{4}[0-9a-f]{10})?)\.((?:[0-9a-f]{10}){0,400})\.((?:[0-9a-f]{10}\d{3}){0,20})$/

/** As `toText` wrote it. Throws `Problem('bad_header')`. */
export function positionOf(text: string): FeedPosition {
  const [, from, whole = '', parts = ''] = form.exec(text) ?? []
  if (from === undefined) throw new Problem('bad_header', 'Last-Event-ID is not one of this feed.')
  const remembered = new Map<string, Had>()
  for (const [tail] of whole.matchAll(/.{10}/g)) remembered.set(tail, { count: Infinity })
  for (const [, tail = '', count] of parts.matchAll(/(.{10})(.{3})/g)) remembered.set(tail, { count: Number(count) })
  return position(from, remembered)
}

interface Had {
  /** `Infinity`: all. */
  readonly count: number
  /** Unknown of what was read from a text, until it is met. */
  readonly id?: string
}

function position(begin: string, remembered: Map<string, Had>): FeedPosition {
  let from = begin

  function forgetBefore(id: string): void {
    if (id > from) from = id
    for (const [tail, had] of remembered) if (had.id !== undefined && had.id < from) remembered.delete(tail)
  }

  return {
    get from() {
      return from
    },
    had(id) {
      const had = remembered.get(tailOf(id))
      if (had === undefined) return 0
      remembered.set(tailOf(id), { ...had, id })
      return had.count
    },
    take(id, count, of) {
      remembered.set(tailOf(id), { count: count < of ? count : Infinity, id })
      forgetBefore(eventIdFrom(msOfEventId(id) - LATE_MS))
      if (remembered.size <= MOST_REMEMBERED) return
      const ids = [...remembered.values()].flatMap((had) => had.id ?? []).sort()
      forgetBefore(ids.at(-MOST_REMEMBERED / 2) ?? from)
    },
    forgetUnmet() {
      for (const [tail, { id }] of remembered) if (id === undefined) remembered.delete(tail)
    },
    toText() {
      const whole = [...remembered].filter(([, { count }]) => count === Infinity)
      const parts = [...remembered].filter(([, { count }]) => count !== Infinity)
      return `${from}.${whole.map(([tail]) => tail).join('')}.${parts.map(([tail, { count }]) => tail + String(count).padStart(3, '0')).join('')}`
    },
  }
}
