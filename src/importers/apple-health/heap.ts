import type { ScratchFile } from '../../ports/scratch.ts'

/** Texts too many to keep in memory: metadata, category values, workouts. Positions are multiples of 8 and never 0. */
export interface Heap {
  put(text: string): number
  get(position: number): string
}

const BUFFER = 1 << 18
const CACHED = 4000
const CACHED_LENGTH = 1 << 19

export function heapOver(file: ScratchFile): Heap {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder()
  let buffer = new Uint8Array(BUFFER)
  let used = 8
  let flushed = 0
  const cache = new Map<number, string>()
  let cachedLength = 0
  const head = new Uint8Array(4)

  function flush(): void {
    file.append(buffer.subarray(0, used))
    flushed += used
    used = 0
  }

  function copy(at: number, into: Uint8Array): void {
    if (at >= flushed) into.set(buffer.subarray(at - flushed, at - flushed + into.length))
    else file.read(at, into)
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
      const known = cache.get(position)
      if (known !== undefined) return known
      copy(position, head)
      const bytes = new Uint8Array(new DataView(head.buffer).getUint32(0, true))
      copy(position + 4, bytes)
      const text = decoder.decode(bytes)
      if (cache.size >= CACHED || cachedLength > CACHED_LENGTH) {
        cache.clear()
        cachedLength = 0
      }
      cache.set(position, text)
      cachedLength += text.length
      return text
    },
  }
}
