/** Four bytes for each path's last segment, FNV-1a (Fowler, Noll, Vo), little-endian, in base64. */
export interface Marks {
  add(path: string): void
  text(): string
}

export function newMarks(): Marks {
  const marks: number[] = []
  return {
    add: (path) => void marks.push(markOf(path.slice(path.lastIndexOf('/') + 1))),
    text: () => new Uint8Array(Uint32Array.from(marks).buffer).toBase64(),
  }
}

/** Whether an id may be among those that were marked: one in four thousand million is there by chance. */
export function isMarked(marks: string, id: string): boolean {
  const bytes = Uint8Array.fromBase64(marks)
  return new Uint32Array(bytes.buffer, 0, bytes.length / 4).includes(markOf(id))
}

function markOf(id: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at++) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return hash >>> 0
}
