import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReader, RandomAccessReader, type ZipFile } from 'yauzl'
import { Problem } from '../../model/problem.ts'
import { type ByteSource, stream } from '../byte-source.ts'
import { inflated, refuse } from './zip-entry.ts'

const MOST_ENTRIES = 10_000
const MOST_BYTES = 50e9
const MOST_RATIO = 200
/** Small entries may be as repetitive as they like. */
const RATIO_FROM_BYTES = 16e6
/** 64 KiB pieces halve the speed of inflating (docs/benchmarks.md); larger ones than this leave the cache before they are scanned. */
const PIECE = 1 << 19
const HEAD = 1 << 17

/** The export inside a zip: found by what it holds, since Apple translates its name. */
export interface ExportEntry {
  readonly name: string
  readonly compressedBytes: number
  readonly bytes: number
  /** Its XML, checked against the archive's length and CRC-32 when the last piece has been taken. A piece is good until the next is asked for. */
  open(): AsyncGenerator<Uint8Array>
}

/** Throws `Problem` for an archive that is damaged, dangerous, or holds no export or more than one. */
export async function findExport(source: ByteSource): Promise<ExportEntry> {
  const entries = await readEntries(source)
  const found: Entry[] = []
  for (const entry of entries.filter(mayBeExport)) if (isExport(await head(source, entry))) found.push(entry)
  const [entry, second] = found
  if (second) throw new Problem('ambiguous_entry', `The archive holds more than one export: ${entry?.fileName} and ${second.fileName}.`)
  if (!entry) throw await noExport(source, entries)
  return {
    name: entry.fileName,
    compressedBytes: entry.compressedSize,
    bytes: entry.uncompressedSize,
    open: () => content(source, entry),
  }
}

/** What a zip holds by its directory. Throws `Problem` for one that is damaged or dangerous. */
export async function readEntries(source: ByteSource): Promise<Entry[]> {
  const entries = await readDirectory(source)
  refuseDangerous(entries, source.length)
  return entries
}

async function noExport(source: ByteSource, entries: readonly Entry[]): Promise<Problem> {
  if (entries.every((entry) => entry.uncompressedSize === 0)) return new Problem('archive_corrupt', 'The archive holds nothing.')
  for (const entry of entries.slice(0, 100)) {
    const bytes = entry.uncompressedSize > 0 ? await head(source, entry) : new Uint8Array()
    if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4)
      return new Problem('nested_archive', `${entry.fileName} is an archive itself.`)
  }
  return new Problem('not_recognised', 'No file in the archive has the element HealthData: this is no Apple Health export.')
}

class SourceReader extends RandomAccessReader {
  readonly #source: ByteSource
  constructor(source: ByteSource) {
    super()
    this.#source = source
  }
  override _readStreamForRange(start: number, end: number): Readable {
    if (end > this.#source.length) return failing(new Problem('archive_corrupt', 'The archive refers to what lies beyond its end.'))
    return Readable.from(stream(this.#source, start, end))
  }
}

function failing(problem: Problem): Readable {
  return new Readable({ read: (): void => {}, destroy: (_, done) => done(problem) }).destroy()
}

function readDirectory(source: ByteSource): Promise<Entry[]> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false, strictFileNames: false }
    fromRandomAccessReader(new SourceReader(source), source.length, options, (error: Error | null, zip?: ZipFile) => {
      if (error || !zip) return reject(archiveProblem(error))
      if (zip.entryCount > MOST_ENTRIES)
        return reject(new Problem('too_many_entries', `The archive names ${zip.entryCount} entries; ${MOST_ENTRIES} are the limit.`))
      const entries: Entry[] = []
      zip.on('entry', (entry: Entry) => {
        entries.push(entry)
        zip.readEntry()
      })
      zip.on('end', () => resolve(entries))
      zip.on('error', (cause: Error) => reject(archiveProblem(cause)))
      zip.readEntry()
    })
  })
}

function archiveProblem(cause: Error | null): Problem {
  const message = cause?.message ?? ''
  if (cause instanceof Problem) return cause
  if (/invalid relative path|absolute path|invalid characters in fileName/.test(message))
    return new Problem('unsafe_path', `The archive has an entry with an unsafe path (${message}).`, { cause })
  if (/encrypt/i.test(message)) return new Problem('archive_encrypted', 'The archive is encrypted.', { cause })
  return new Problem('archive_corrupt', `The archive cannot be read: ${message}.`, { cause })
}

function refuseDangerous(entries: readonly Entry[], length: number): void {
  const names = new Set<string>()
  let total = 0
  for (const entry of entries) {
    refuseDangerousEntry(entry, length)
    total += entry.uncompressedSize
    if (names.has(entry.fileName)) refuse('ambiguous_entry', entry, 'stands in the archive twice')
    names.add(entry.fileName)
  }
  if (total > MOST_BYTES) throw new Problem('archive_too_large', `The archive unpacks to more than ${MOST_BYTES / 1e9} GB.`)
  const ordered = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  ordered.forEach((entry, index) => {
    const next = ordered[index + 1]
    if (next && entry.relativeOffsetOfLocalHeader + 30 + entry.compressedSize > next.relativeOffsetOfLocalHeader)
      refuse('archive_overlap', entry, `overlaps ${next.fileName}`)
  })
}

function refuseDangerousEntry(entry: Entry, length: number): void {
  if (entry.isEncrypted()) refuse('archive_encrypted', entry, 'is encrypted')
  if (((entry.externalFileAttributes >>> 16) & 0xf000) === 0xa000) refuse('unsafe_path', entry, 'is a symbolic link')
  if (entry.relativeOffsetOfLocalHeader + entry.compressedSize > length) refuse('archive_corrupt', entry, 'lies beyond the end of the file')
  if (entry.uncompressedSize > RATIO_FROM_BYTES && entry.uncompressedSize > entry.compressedSize * MOST_RATIO)
    refuse('archive_too_large', entry, `unpacks to more than ${MOST_RATIO} times its size`)
}

/** Routes and pictures are never looked into; everything else may be the export, whatever its name. */
function mayBeExport(entry: Entry): boolean {
  return entry.uncompressedSize > 0 && !/\.(?:gpx|csv|json|pdf|jpe?g|png)$/i.test(entry.fileName)
}

const latin1 = new TextDecoder('latin1')

function isExport(bytes: Uint8Array): boolean {
  const utf16 = bytes[0] === 0xff || bytes[0] === 0xfe
  const text = latin1.decode(bytes)
  return /<HealthData[\s>/]/.test(utf16 ? text.replaceAll('\0', '') : text)
}

async function head(source: ByteSource, entry: Entry): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of inflated(source, entry, HEAD)) {
    pieces.push(piece.slice())
    length += piece.length
    if (length >= HEAD) break
  }
  return Buffer.concat(pieces).subarray(0, HEAD)
}

async function* content(source: ByteSource, entry: Entry): AsyncGenerator<Uint8Array> {
  let sum = 0
  let length = 0
  for await (const piece of inflated(source, entry, PIECE)) {
    sum = crc32(piece, sum)
    length += piece.length
    if (length > entry.uncompressedSize) refuse('archive_corrupt', entry, 'is longer than the archive says')
    yield piece
  }
  if (length !== entry.uncompressedSize) refuse('archive_corrupt', entry, 'is shorter than the archive says')
  if (sum !== entry.crc32) refuse('archive_corrupt', entry, 'does not match its checksum')
}
