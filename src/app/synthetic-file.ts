import { createWriteStream, writeFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import { type SynthesisOptions, synthesise } from '../synthetic/synthesise.ts'

/** Writes a synthetic person's export (a zip as the phone makes it when the name ends in .zip, else bare XML) and the truth beside it. */
export async function writeSynthetic(
  file: string,
  options: SynthesisOptions,
): Promise<{ readonly bytes: number; readonly records: number }> {
  const { chunks, truth, gpx } = synthesise(options)
  const out = createWriteStream(file)
  if (/\.zip$/i.test(file)) {
    const zip = new ZipFile()
    const mtime = new Date(Date.UTC(2026, 0, 1))
    zip.addReadStream(Readable.from(chunks), 'apple_health_export/export.xml', { mtime })
    if (gpx) zip.addBuffer(Buffer.from(gpx.text), `apple_health_export/${gpx.path}`, { mtime })
    zip.end()
    await pipeline(zip.outputStream, out)
  } else await pipeline(Readable.from(chunks), out)
  const told = truth()
  writeFileSync(`${file}.truth.json`, `${JSON.stringify(told, null, 1)}\n`)
  return { bytes: out.bytesWritten, records: told.totals.records }
}
