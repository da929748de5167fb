import { hash, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openFileBlobs } from '../adapters/blobs/files.ts'
import { openSqliteDocuments } from '../adapters/documents/sqlite.ts'
import { templateNarrator } from '../adapters/narrator/template.ts'
import { openFileScratch } from '../adapters/scratch/files.ts'
import { lockStore } from '../adapters/store-lock.ts'
import { openSqliteWarehouse } from '../adapters/warehouse/sqlite.ts'
import type { AnalyseDeps } from '../flows/analyse-days.ts'
import type { ImportDeps } from '../flows/import-file.ts'
import { type OutboxDeps, toOutbox } from '../flows/warehouse-outbox.ts'
import type { Config } from './config.ts'

export type House = ImportDeps & AnalyseDeps & OutboxDeps & AsyncDisposable

/**
 * Every port with its adapter: the only place that knows which. The store is held until the house is disposed; throws
 * `Problem('store_in_use')` where another process holds it. `command` is what that one is told.
 */
export async function openHouse({ data, failpoint }: Config, command = 'clarity'): Promise<House> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  await using opened = new AsyncDisposableStack()
  opened.use(await lockStore(data, { command }))
  const options = { ...(failpoint && { failpoint }) }
  const documents = opened.use(openSqliteDocuments(`sqlite:${join(data, 'clarity.db')}`, options))
  const blobs = opened.use(openFileBlobs(join(data, 'blobs'), options))
  const warehouse = opened.use(openSqliteWarehouse(`sqlite:${join(data, 'warehouse.db')}`))
  const house = opened.move()
  return {
    documents,
    blobs,
    warehouse,
    toWarehouse: toOutbox,
    scratch: openFileScratch(join(data, 'tmp')),
    clock: { nowMs: () => Date.now() },
    narrator: templateNarrator,
    fallback: templateNarrator,
    sha256: (bytes) => hash('sha256', bytes, 'hex'),
    newId: () => randomUUID().replaceAll('-', ''),
    [Symbol.asyncDispose]: () => house.disposeAsync(),
  }
}
