import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openFileBlobs } from '../adapters/blobs/files.ts'
import { openSqliteDocuments } from '../adapters/documents/sqlite.ts'
import { templateNarrator } from '../adapters/narrator/template.ts'
import { openFileScratch } from '../adapters/scratch/files.ts'
import type { AnalyseDeps } from '../flows/analyse-days.ts'
import type { ImportDeps } from '../flows/import-file.ts'
import type { Config } from './config.ts'

export type House = ImportDeps & AnalyseDeps & AsyncDisposable

/** Every port with its adapter: the only place that knows which. */
export async function openHouse({ data }: Config): Promise<House> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const documents = openSqliteDocuments(`sqlite:${join(data, 'clarity.db')}`)
  const blobs = openFileBlobs(join(data, 'blobs'))
  return {
    documents,
    blobs,
    scratch: openFileScratch(join(data, 'tmp')),
    clock: { nowMs: () => Date.now() },
    narrator: templateNarrator,
    fallback: templateNarrator,
    newId: () => randomUUID().replaceAll('-', ''),
    async [Symbol.asyncDispose]() {
      await blobs[Symbol.asyncDispose]()
      await documents[Symbol.asyncDispose]()
    },
  }
}
