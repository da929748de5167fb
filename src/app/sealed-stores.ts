import { sealedBlobs } from '../adapters/sealed/blobs.ts'
import { sealedDocuments } from '../adapters/sealed/documents.ts'
import { openKeyRing } from '../adapters/sealed/key-ring.ts'
import { openSealing } from '../adapters/sealed/sealing.ts'
import { wholeBlobs } from '../adapters/sealed/whole-blobs.ts'
import { systemTimer } from '../adapters/timer/system.ts'
import type { Stores } from '../flows/fill-store.ts'
import { markKeys } from '../flows/keys-of-store.ts'
import { ownerOfObject } from '../model/object-owner.ts'
import type { Documents } from '../ports/documents.ts'
import { HOUSE, type Keys } from '../ports/keys.ts'
import type { Sealing } from '../ports/sealing.ts'

export interface SealedStores extends Stores {
  /** Documents and objects as they lie, sealed: what backups are made of, and what is left to be erased when the keys are gone. */
  readonly lying: Stores
  readonly sealing: Sealing
}

/** `stores` as they are used, opened; the cache, if there is one, is below: what it holds is sealed too. `kept` are the documents without it. */
export function sealedStores({ documents, blobs }: Stores, kept: Documents, keys: Keys): SealedStores {
  const ring = openKeyRing({ keys, timer: systemTimer, beforeSealing: () => markKeys({ documents: kept, keys }) })
  const sealed = { blobs, ring, ownerOf: (key: string) => ownerOfObject(key, HOUSE) }
  return {
    documents: sealedDocuments(documents, ring),
    blobs: sealedBlobs(sealed),
    lying: { documents, blobs: wholeBlobs(blobs) },
    sealing: openSealing(sealed),
  }
}
