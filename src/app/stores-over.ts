import { noCache } from '../adapters/cache/none.ts'
import { systemTimer } from '../adapters/timer/system.ts'
import { cachedDocuments } from '../flows/cached-documents.ts'
import type { Stores } from '../flows/fill-store.ts'
import { guardedStores } from '../flows/guarded-stores.ts'
import { openTombstones, type Tombstones } from '../flows/tombstones.ts'
import { tracedBlobs, tracedDocuments } from '../flows/traced-stores.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Cache } from '../ports/cache.ts'
import type { Documents } from '../ports/documents.ts'
import type { Keys } from '../ports/keys.ts'
import type { Tracer } from '../ports/tracer.ts'
import { clock, newId, newSecret, sha256 } from './chance.ts'
import type { Config } from './config.ts'
import { type SealedStores, sealedStores } from './sealed-stores.ts'

interface Below {
  readonly kept: Documents
  readonly blobs: Blobs
  readonly keys: Keys
  readonly cache: Cache
  readonly tracer: Tracer
  readonly config: Config
  readonly isOneProcess: boolean
}

interface OpenStores extends SealedStores {
  readonly tombstones: Tombstones
}

/** Cached, sealed, traced, and closed to who was erased. */
export function storesOver({ kept, blobs, keys, cache, tracer, config, isOneProcess }: Below): OpenStores {
  // Other processes may read a shared store through a cache, so each tells theirs of what it writes, also one that has none itself.
  const shared = { documents: kept, cache: isRedis(config) ? cache : noCache, clock, timer: systemTimer, newId }
  const sealed = sealedStores({ documents: isOneProcess ? kept : cachedDocuments(shared), blobs }, kept, keys)
  const tombstones = openTombstones({ documents: kept, sha256, newSecret })
  return { ...sealed, ...guardedStores(traced(sealed, config, tracer), tombstones), tombstones }
}

function traced(stores: Stores, { traces }: Config, tracer: Tracer): Stores {
  const { documents, blobs } = stores
  return traces === undefined ? stores : { documents: tracedDocuments(documents, tracer), blobs: tracedBlobs(blobs, tracer) }
}

export function isRedis({ cache = 'memory:' }: Config): boolean {
  return cache !== 'memory:'
}
