import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { sealedDocuments } from '../../src/adapters/sealed/documents.ts'
import { openKeyRing } from '../../src/adapters/sealed/key-ring.ts'
import { systemTimer } from '../../src/adapters/timer/system.ts'
import { documentsContract } from './documents.ts'

documentsContract('sealed documents on SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-sealed-'))
  const keys = await openKeys({ keys: `file:${folder}/keys`, rootKey: `${folder}/root.key` })
  const ring = openKeyRing({ keys, timer: systemTimer, beforeSealing: async () => undefined })
  let documents = sealedDocuments(openSqliteDocuments(`sqlite:${folder}/store.db`), ring)
  return {
    documents,
    async reopen() {
      await documents.close()
      documents = sealedDocuments(openSqliteDocuments(`sqlite:${folder}/store.db`), ring)
      return documents
    },
    async remove() {
      await documents.close()
      await keys[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
})
