import { fromBuffer, type ZipFile } from 'yauzl'
import { collect } from '../contracts/expectations.ts'

/** A zip as another program sees it: the content of each entry, by name. */
export async function unzipped(chunks: AsyncIterable<Uint8Array>): Promise<Map<string, Buffer>> {
  const bytes = Buffer.concat(await collect(chunks))
  const zip = await new Promise<ZipFile>((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (opened ? resolve(opened) : reject(error))),
  )
  const files = new Map<string, Buffer>()
  await new Promise<void>((resolve, reject) => {
    zip.on('entry', (entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error !== null || stream === undefined) return reject(error)
        collect(stream as AsyncIterable<Buffer>)
          .then((pieces) => {
            files.set(entry.fileName, Buffer.concat(pieces))
            zip.readEntry()
          })
          .catch(reject)
      })
    })
    zip.on('end', () => resolve())
    zip.on('error', reject)
    zip.readEntry()
  })
  return files
}

export function linesIn(files: ReadonlyMap<string, Buffer>, name: string): unknown[] {
  const text = String(files.get(name) ?? '')
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
}
