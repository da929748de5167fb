import { Problem } from '../model/problem.ts'
import { appleHealth } from './apple-health/apple-health.ts'
import type { ByteSource } from './byte-source.ts'
import type { Importer } from './importer.ts'

/** Every format that can be imported, told apart by content: names are translated and lie. */
const importers: readonly { readonly importer: Importer; readonly recognises: (start: Uint8Array) => boolean }[] = [
  { importer: appleHealth, recognises: (start) => isZip(start) || isXml(start) },
]

/** Throws `Problem('not_a_zip')`, and for an empty file `Problem('archive_corrupt')`: phones have written such exports. */
export async function findImporter(source: ByteSource): Promise<Importer> {
  const start = await source.read(0, Math.min(source.length, 4096))
  if (start.length === 0) throw new Problem('archive_corrupt', 'The file is empty.')
  const found = importers.find(({ recognises }) => recognises(start))
  if (!found) throw new Problem('not_a_zip', 'The file is neither a zip archive nor XML.')
  return found.importer
}

function isZip(start: Uint8Array): boolean {
  return start[0] === 0x50 && start[1] === 0x4b
}

function isXml(start: Uint8Array): boolean {
  const text = new TextDecoder('latin1').decode(start).replaceAll('\0', '')
  return /^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*</.test(text)
}
