import { constants, createInflateRaw, type InflateRaw } from 'node:zlib'
import type { Entry } from 'yauzl'
import { Problem, type ProblemCode } from '../../model/problem.ts'
import { type ByteSource, passing } from '../byte-source.ts'

export function refuse(code: ProblemCode, entry: Entry, why: string): never {
  throw new Problem(code, `${entry.fileName}: ${why}.`)
}

/** What an entry of a zip holds, in pieces; a piece is good until the next is asked for. Throws `Problem('archive_corrupt')`. */
export async function* inflated(source: ByteSource, entry: Entry, chunkSize: number): AsyncGenerator<Uint8Array> {
  const from = await dataStart(source, entry)
  if (from + entry.compressedSize > source.length) refuse('archive_corrupt', entry, 'lies beyond the end of the file')
  const to = from + entry.compressedSize
  if (entry.compressionMethod === 0) return yield* passing(source, from, to)
  if (entry.compressionMethod !== 8) refuse('archive_corrupt', entry, `uses compression method ${entry.compressionMethod}`)
  const inflate = createInflateRaw({ chunkSize, finishFlush: constants.Z_SYNC_FLUSH })
  feed(inflate, source, from, to).catch((error) => inflate.destroy(error))
  try {
    for await (const piece of inflate) {
      yield piece as Uint8Array
      release(piece as Uint8Array<ArrayBuffer>)
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('archive_corrupt', `${entry.fileName} cannot be unpacked.`, { cause })
  } finally {
    inflate.destroy()
  }
}

async function feed(inflate: InflateRaw, source: ByteSource, from: number, to: number): Promise<void> {
  for await (const piece of passing(source, from, to)) {
    if (inflate.destroyed) return
    // Its callback comes when the piece has been used up; after an error too, which the reader of `inflate` meets.
    await new Promise((resolve) => inflate.write(piece, resolve))
  }
  inflate.end()
}

/**
 * A thousand pieces a gigabyte: given back at once, since waiting for the collector would hold a hundred megabytes of them. Where a piece of
 * the zip ends, zlib fills a buffer in several goes: it is done with it at its end.
 */
function release({ byteOffset, byteLength, buffer }: Uint8Array<ArrayBuffer>): void {
  if (byteOffset + byteLength === buffer.byteLength) buffer.transfer(0)
}

/** The local header repeats the name with lengths of its own; the data begin after it. */
async function dataStart(source: ByteSource, entry: Entry): Promise<number> {
  const at = entry.relativeOffsetOfLocalHeader
  const header = await source.read(at, Math.min(source.length, at + 30))
  const view = new DataView(header.buffer, header.byteOffset, header.length)
  if (header.length < 30 || view.getUint32(0, true) !== 0x04034b50)
    refuse('archive_corrupt', entry, 'has no header where the directory says')
  return at + 30 + view.getUint16(26, true) + view.getUint16(28, true)
}
