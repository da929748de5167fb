import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Entry } from 'yauzl'
import { parseAs } from '../../model/parse.ts'
import { CarriedDocument, type carriedCollections, EXPORT_KIND, ExportManifest } from '../../model/person-export.ts'
import { Problem } from '../../model/problem.ts'
import { readEntries } from '../apple-health/archive.ts'
import { inflated } from '../apple-health/zip-entry.ts'
import type { ByteSource } from '../byte-source.ts'

const PIECE = 1 << 18
const MOST_MANIFEST_BYTES = 32 << 20
const MOST_LINE_BYTES = 64 << 20

/** An export that this program made, of whoever. */
export interface ClarityExport {
  readonly manifest: ExportManifest
  /** As they were kept. Throws `Problem('archive_corrupt')` for what is not as the manifest says. */
  documents(collection: (typeof carriedCollections)[number]): AsyncGenerator<CarriedDocument>
  /** Of this folder (`originals`, `store/samples`), by name within it. */
  objects(folder: string): { readonly name: string; read(): AsyncGenerator<Uint8Array> }[]
}

/** Undefined for a file of any other kind: it is known by the manifest in it, not by its name. Throws `Problem` for a zip that is dangerous. */
export async function findClarityExport(source: ByteSource): Promise<ClarityExport | undefined> {
  const start = await source.read(0, Math.min(source.length, 4))
  if (start[0] !== 0x50 || start[1] !== 0x4b) return undefined
  const entries = new Map((await readEntries(source)).map((entry) => [entry.fileName, entry]))
  const found = entries.get('manifest.json')
  if (found === undefined || found.uncompressedSize > MOST_MANIFEST_BYTES) return undefined
  const said = parsedOr(undefined, await textOf(source, found)) as { readonly kind?: unknown } | undefined
  if (said?.kind !== EXPORT_KIND) return undefined
  const manifest = parseAs(ExportManifest, said, 'manifest')
  const listed = new Map(manifest.files.map((file) => [file.name, file]))
  const read = (name: string) => checked(source, entries.get(name), listed.get(name), name)
  return {
    manifest,
    async *documents(collection) {
      const name = `store/${collection}.ndjson`
      for await (const line of linesOf(read(name), name)) yield parseAs(CarriedDocument, parsedOr(null, line), 'document')
    },
    objects: (folder) =>
      [...listed.keys()]
        .filter((name) => name.startsWith(`${folder}/`))
        .map((name) => ({ name: name.slice(folder.length + 1), read: () => read(name) })),
  }
}

/** The bytes of a file, held against the manifest and the zip's own checksum at their end. */
async function* checked(
  source: ByteSource,
  entry: Entry | undefined,
  file: ExportManifest['files'][number] | undefined,
  name: string,
): AsyncGenerator<Uint8Array> {
  if (entry === undefined || file === undefined) throw corrupt(`${name} is not in the archive.`)
  const hash = createHash('sha256')
  let sum = 0
  let bytes = 0
  for await (const piece of inflated(source, entry, PIECE)) {
    bytes += piece.length
    if (bytes > file.bytes) break
    hash.update(piece)
    sum = crc32(piece, sum)
    yield piece
  }
  if (bytes !== file.bytes || sum !== entry.crc32 || hash.digest('hex') !== file.sha256)
    throw corrupt(`${name} is not what the manifest says.`)
}

async function textOf(source: ByteSource, entry: Entry): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of inflated(source, entry, PIECE)) text += decoder.decode(piece, { stream: true })
  return text + decoder.decode()
}

async function* linesOf(pieces: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > MOST_LINE_BYTES) throw corrupt(`${name} has a line that is too long.`)
    yield* lines
  }
  if (rest !== '') throw corrupt(`${name} is cut off.`)
}

function parsedOr<T>(otherwise: T, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return otherwise
    throw error
  }
}

function corrupt(detail: string): Problem {
  return new Problem('archive_corrupt', detail)
}
