/** Words kept in the order of their first appearance. Bytes in, small integers out: no string is made for a word already known. */
export interface ByteDictionary {
  /** Id of bytes [from, to); a new id when they are new. */
  intern(bytes: Uint8Array, view: DataView, from: number, to: number): number
  /**
   * Id of the attribute value that begins at `from` and ends before the next `"`, when it is one of the last two words seen;
   * else −1. Spares the search for the closing quote.
   */
  recent(bytes: Uint8Array, view: DataView, from: number): number
  length(id: number): number
  bytes(id: number): Uint8Array
  readonly size: number
}

const QUOTE = 0x22

interface Entry {
  readonly bytes: Uint8Array
  readonly view: DataView
}

/** @param limit most words before `onFull` is called, which throws. */
export function byteDictionary(limit: number, onFull: () => never): ByteDictionary {
  const entries: Entry[] = []
  let slots = new Int32Array(1 << 10)
  let first = -1
  let second = -1

  function grow(): void {
    const wider = new Int32Array(slots.length * 2)
    entries.forEach((entry, id) => {
      let at = hashWords(entry.view, 0, entry.bytes.length) & (wider.length - 1)
      while (wider[at] !== 0) at = (at + 1) & (wider.length - 1)
      wider[at] = id + 1
    })
    slots = wider
  }

  function add(bytes: Uint8Array, from: number, to: number): number {
    if (entries.length >= limit) onFull()
    const copy = bytes.slice(from, to)
    entries.push({ bytes: copy, view: new DataView(copy.buffer, copy.byteOffset, copy.length) })
    if (entries.length * 2 > slots.length) grow()
    return entries.length - 1
  }

  function use(id: number): number {
    if (id !== first) {
      second = first
      first = id
    }
    return id
  }

  return {
    intern(bytes, view, from, to) {
      const length = to - from
      let at = hashWords(view, from, to) & (slots.length - 1)
      for (;;) {
        const slot = slots[at] as number
        if (slot === 0) {
          const id = add(bytes, from, to)
          at = hashWords(view, from, to) & (slots.length - 1)
          while (slots[at] !== 0 && slots[at] !== id + 1) at = (at + 1) & (slots.length - 1)
          slots[at] = id + 1
          return use(id)
        }
        const entry = entries[slot - 1] as Entry
        if (entry.bytes.length === length && sameWords(entry, bytes, view, from)) return use(slot - 1)
        at = (at + 1) & (slots.length - 1)
      }
    },
    recent(bytes, view, from) {
      if (first >= 0) {
        const entry = entries[first] as Entry
        if (bytes[from + entry.bytes.length] === QUOTE && sameWords(entry, bytes, view, from)) return first
      }
      if (second >= 0) {
        const entry = entries[second] as Entry
        if (bytes[from + entry.bytes.length] === QUOTE && sameWords(entry, bytes, view, from)) {
          const id = second
          second = first
          first = id
          return id
        }
      }
      return -1
    },
    length: (id) => (entries[id] as Entry).bytes.length,
    bytes: (id) => (entries[id] as Entry).bytes,
    get size() {
      return entries.length
    },
  }
}

/** A 32-bit hash over four bytes at a time; mixes the tail byte by byte. */
export function hashWords(view: DataView, from: number, to: number): number {
  let hash = (to - from) | 0
  let at = from
  for (; at + 4 <= to; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), 0x9e3779b1)
    hash ^= hash >>> 15
  }
  for (; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), 0x9e3779b1)
  return (hash ^ (hash >>> 13)) >>> 0
}

function sameWords(entry: Entry, bytes: Uint8Array, view: DataView, from: number): boolean {
  const length = entry.bytes.length
  let at = 0
  for (; at + 4 <= length; at += 4) if (entry.view.getInt32(at, true) !== view.getInt32(from + at, true)) return false
  for (; at < length; at++) if (entry.bytes[at] !== bytes[from + at]) return false
  return true
}
