import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { sealedBlobs } from '../../src/adapters/sealed/blobs.ts'
import { sealedDocuments } from '../../src/adapters/sealed/documents.ts'
import { openKeyRing } from '../../src/adapters/sealed/key-ring.ts'
import { openSealing } from '../../src/adapters/sealed/sealing.ts'
import { wholeBlobs } from '../../src/adapters/sealed/whole-blobs.ts'
import { ownerOfObject } from '../../src/model/object-owner.ts'
import { HOUSE } from '../../src/ports/keys.ts'
import { handTimer } from '../cache/hand-timer.ts'

/** Stores on a disk, opened and as they lie, with the keys beside them; time passes when a test says so. */
export async function sealedWorld() {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-sealing-'))
  const place = { keys: `file:${join(folder, 'keys')}`, rootKey: join(folder, 'root.key') }
  const keys = await openKeys(place)
  const lying = { documents: openSqliteDocuments(`sqlite:${folder}/clarity.db`), blobs: openFileBlobs(join(folder, 'blobs')) }
  const timer = handTimer()

  /** As a process has it. */
  function opened(own = keys) {
    const ring = openKeyRing({ keys: own, timer, beforeSealing: async () => undefined })
    const sealed = { blobs: lying.blobs, ring, ownerOf: (key: string) => ownerOfObject(key, HOUSE) }
    return { documents: sealedDocuments(lying.documents, ring), blobs: sealedBlobs(sealed), sealing: openSealing(sealed) }
  }

  return {
    folder,
    place,
    keys,
    timer,
    ...opened(),
    lying: { documents: lying.documents, blobs: wholeBlobs(lying.blobs) },
    /** What a disk may do to it. */
    disk: lying.blobs,
    opened,
    async [Symbol.asyncDispose]() {
      await lying.documents.close()
      await keys[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
}
