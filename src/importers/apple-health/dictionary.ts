/** Words kept in the order of their first appearance. Bytes in, small integers out: no string is made for a word already known. */
export interface ByteDictionary {
  /** Id of bytes [from, to); a new id when they are new. */
  intern(bytes: Uint8Array, view: DataView, from: number, to: number): number
  bytes(id: number): Uint8Array
  readonly size: number
  /** Bytes of all its words. */
  readonly weight: number
}

interface Entry {
  readonly bytes: Uint8Array
  readonly view: DataView
}

/** @param mostWords and @param mostBytes are what it holds before `onFull` is called, which throws. */
export function byteDictionary(mostWords: number, mostBytes: number, onFull: () => never): ByteDictionary {
  const entries: Entry[] = []
  let weight = 0
  let slots = new Int32Array(1 << 10)

  function place(id: number, view: DataView, from: number, to: number): void {
    let at = hashWords(view, from, to) & (slots.length - 1)
    while (slots[at] !== 0) at = (at + 1) & (slots.length - 1)
    slots[at] = id + 1
  }

  function add(bytes: Uint8Array, from: number, to: number): number {
    weight += to - from
    if (entries.length >= mostWords || weight > mostBytes) onFull()
    const copy = bytes.slice(from, to)
    const id = entries.push({ bytes: copy, view: new DataView(copy.buffer, copy.byteOffset, copy.length) }) - 1
    if (entries.length * 2 > slots.length) {
      slots = new Int32Array(slots.length * 2)
      entries.forEach((entry, each) => {
        place(each, entry.view, 0, entry.bytes.length)
      })
    } else place(id, (entries[id] as Entry).view, 0, to - from)
    return id
  }

  return {
    intern(bytes, view, from, to) {
      const length = to - from
      let at = hashWords(view, from, to) & (slots.length - 1)
      for (;;) {
        const slot = slots[at] as number
        if (slot === 0) return add(bytes, from, to)
        const entry = entries[slot - 1] as Entry
        if (entry.bytes.length === length && sameWords(entry, bytes, view, from)) return slot - 1
        at = (at + 1) & (slots.length - 1)
      }
    },
    bytes: (id) => (entries[id] as Entry).bytes,
    get size() {
      return entries.length
    },
    get weight() {
      return weight
    },
  }
}

/** A 32-bit hash over four bytes at a time; mixes the tail byte by byte. */
function hashWords(view: DataView, from: number, to: number): number {
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
