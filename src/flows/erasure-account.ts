import { type Collection, type CollectionName, collections } from '../model/collections.ts'
import type { ErasedClasses, Erasing, Erasure, ErasureReceipt } from '../model/erasure.ts'
import type { RetentionClass } from '../model/retention.ts'
import type { Documents, Write } from '../ports/documents.ts'
import type { personalFolders } from './guarded-stores.ts'

type Folder = (typeof personalFolders)[number]

/** What an object counts as. */
const classOfFolder = {
  samples: 'raw_health_data',
  archive: 'raw_health_data',
  uploads: 'raw_health_data',
  exports: 'user_profiles',
} as const satisfies Record<Folder, RetentionClass>

/** A sum that is added to. */
export interface Counted {
  document(collection: CollectionName): Counted
  object(folder: Folder): Counted
  objectsCounted(): Counted
  keys(fingerprints: readonly string[]): Counted
}

/** The book that is kept of an erasure: it says in one batch with each step what the step did. */
export interface Account {
  now(): Erasing
  /** Throws `Problem('conflict')` where another writes it too. */
  write(writes: readonly Write[], add: (counted: Counted) => Counted): Promise<void>
  /** The write that ends it, to be made by whoever called. */
  close(receipt: ErasureReceipt): Write
}

/** Undefined for an erasure that is over, or that there is none of. */
export async function openAccountOf({ documents }: { readonly documents: Documents }, erasureId: string): Promise<Account | undefined> {
  const path = `erasures/${erasureId}`
  const found = await documents.get<Erasure>(path)
  if (found === undefined || found.body.status !== 'erasing') return undefined
  let [body, version] = [found.body, found.version]
  return {
    now: () => body,
    async write(writes, add) {
      let next = body
      add(counting(body, (changed) => (next = changed)))
      await documents.batch([{ op: 'put', path, body: next, ifVersion: version }, ...writes])
      body = next
      version += 1
    },
    close: (receipt) => ({
      op: 'put',
      path,
      body: { erasureId, status: 'erased', requestedAt: body.requestedAt, receipt } satisfies Erasure,
      ifVersion: version,
    }),
  }
}

function counting(body: Erasing, tell: (changed: Erasing) => void): Counted {
  const changed = (change: Partial<Erasing>): Counted => {
    const next = { ...body, ...change }
    tell(next)
    return counting(next, tell)
  }
  return {
    document(collection) {
      if (collection === 'keys') return changed({ credentials: body.credentials + 1 })
      const { retention }: Collection = collections[collection]
      return changed({ classes: withOne(body.classes, retention ?? 'user_profiles', 'documents') })
    },
    object: (folder) => changed({ classes: withOne(body.classes, classOfFolder[folder], 'objects') }),
    objectsCounted: () => changed({ isCounted: true }),
    keys: (fingerprints) => changed({ keyFingerprints: [...fingerprints] }),
  }
}

function withOne(classes: ErasedClasses, name: RetentionClass, what: 'documents' | 'objects'): ErasedClasses {
  const { documents = 0, objects = 0 } = classes[name] ?? {}
  return { ...classes, [name]: { documents, objects, [what]: (what === 'documents' ? documents : objects) + 1 } }
}
