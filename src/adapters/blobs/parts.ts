/**
 * The content in pieces of exactly `partBytes`, the last one shorter; none when it is empty. Each piece is its receiver's
 * own: what comes in may be written over as soon as the next is asked for.
 */
export async function* partsOf(content: AsyncIterable<Uint8Array>, partBytes: number): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafeSlow(partBytes)
  let filled = 0
  for await (const chunk of content) {
    for (let at = 0; at < chunk.byteLength; ) {
      const taken = Math.min(chunk.byteLength - at, partBytes - filled)
      part.set(chunk.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < partBytes) continue
      yield part
      part = Buffer.allocUnsafeSlow(partBytes)
      filled = 0
    }
  }
  if (filled > 0) yield part.subarray(0, filled)
}
