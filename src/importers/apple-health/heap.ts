import type { ScratchFile } from '../../ports/scratch.ts'

/** Texts too many to keep in memory: metadata, category values, workouts. Positions are multiples of 8 and never 0. */
export interface Heap {
  put(text: string): number
  get(position: number): string
  /** Nothing more comes for now: all is in the file. */
  settle(): void
}

const BUFFER = 1 << 18
/** Texts that are remembered, each at a place of its own; a power of two. */
const REMEMBERED = 2048
/** Characters: longer ones, workouts and the like, are read again. */
const LONGEST = 256
/** What was put together is mostly asked for together: a page of it is read at once. */
const PAGE = 1 << 14
const MOST_PAGES = 64

export function heapOver(file: ScratchFile): Heap {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  let buffer = new Uint8Array(BUFFER)
  let used = 8
  let flushed = 0
  const positions = new Float64Array(REMEMBERED)
  const texts: string[] = new Array(REMEMBERED).fill('')
  const pages = new Map<number, Uint8Array>()

  function flush(): void {
    if (used === 0) return
    file.append(buffer.subarray(0, used))
    flushed += used
    used = 0
  }

  /** Good until the next `put`. */
  function bytesAt(at: number, length: number): Uint8Array {
    if (at >= flushed) return buffer.subarray(at - flushed, at - flushed + length)
    const page = pageOf(Math.floor(at / PAGE))
    const from = at % PAGE
    if (from + length <= page.length) return page.subarray(from, from + length)
    const bytes = new Uint8Array(length)
    file.read(at, bytes)
    return bytes
  }

  function pageOf(number: number): Uint8Array {
    const known = pages.get(number)
    if (known !== undefined) return known
    if (pages.size >= MOST_PAGES) pages.clear()
    const from = number * PAGE
    const page = new Uint8Array(Math.min(PAGE, flushed - from))
    file.read(from, page)
    pages.set(number, page)
    return page
  }

  return {
    put(text) {
      const bytes = encoder.encode(text)
      const size = (bytes.length + 4 + 7) & ~7
      if (used + size > buffer.length) flush()
      if (size > buffer.length) buffer = new Uint8Array(size)
      const position = flushed + used
      new DataView(buffer.buffer).setUint32(used, bytes.length, true)
      buffer.set(bytes, used + 4)
      used += size
      return position
    },
    get(position) {
      const place = (position / 8) & (REMEMBERED - 1)
      if (positions[place] === position) return texts[place] as string
      const head = bytesAt(position, 4)
      const length = new DataView(head.buffer, head.byteOffset).getUint32(0, true)
      const text = decoder.decode(bytesAt(position + 4, length))
      positions[place] = text.length > LONGEST ? 0 : position
      texts[place] = text.length > LONGEST ? '' : text
      return text
    },
    settle: flush,
  }
}
