import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type { Archive, FileToPack, PackedFile } from '../../ports/archive.ts'

/** JSON becomes a tenth at the fastest level, and a third less than that at four times the time. */
const LEVEL = 1

/** A zip, with zip64 where it grows beyond four gigabytes. Names and times in it are those that are given. */
export const zipArchive: Archive = {
  async *pack(files, at, onPacked) {
    const { ZipFile } = await import('yazl')
    const zip = new ZipFile()
    const out = zip.outputStream as Readable
    zip.on('error', (error: Error) => out.destroy(error))
    const filling = fill(zip, files, at, onPacked).catch((error) => out.destroy(error))
    yield* out
    await filling
  },
}

type Zip = InstanceType<typeof import('yazl').ZipFile>

/** One after the other: the next is asked for when the one before was taken to its end. */
async function fill(zip: Zip, files: AsyncIterable<FileToPack>, mtime: Date, onPacked: (file: PackedFile) => void): Promise<void> {
  for await (const file of files) {
    const packed: PackedFile[] = []
    const stream = Readable.from(
      counted(file, (told) => packed.push(told)),
      { objectMode: false },
    )
    const ended = once(stream, 'close')
    // yazl passes on no error of a stream that it reads.
    stream.once('error', (error) => zip.emit('error', error))
    const compression = file.isPacked ? { compress: false } : { compress: true, compressionLevel: LEVEL }
    zip.addReadStream(stream, file.name, { mtime, mode: 0o100600, ...compression })
    await ended
    for (const told of packed) onPacked(told)
  }
  zip.end()
}

async function* counted({ name, content }: FileToPack, onEnd: (file: PackedFile) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of content) {
    hash.update(chunk)
    bytes += chunk.length
    yield chunk
  }
  onEnd({ name, bytes, sha256: hash.digest('hex') })
}
