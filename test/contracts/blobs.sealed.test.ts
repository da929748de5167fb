import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { sealedBlobs } from '../../src/adapters/sealed/blobs.ts'
import { openKeyRing } from '../../src/adapters/sealed/key-ring.ts'
import { systemTimer } from '../../src/adapters/timer/system.ts'
import { blobsContract } from './blobs.ts'

blobsContract('sealed objects in a folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-sealed-'))
  const keys = await openKeys({ keys: `file:${folder}/keys`, rootKey: `${folder}/root.key` })
  const ring = openKeyRing({ keys, timer: systemTimer, beforeSealing: async () => undefined })
  const open = async () => sealedBlobs({ blobs: openFileBlobs(join(folder, 'blobs')), ring, ownerOf: () => 'ada' })
  return {
    blobs: await open(),
    reopen: open,
    async remove() {
      await keys[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
})
