import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { keysContract } from './keys.ts'

describeEngine('keys on PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())

  keysContract('postgres', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clarity-keys-'))
    const url = await server.createDatabase()
    const place = (name: string) => ({ keys: url, rootKey: join(folder, name) })
    writeFileSync(place('other.key').rootKey, Buffer.alloc(32, 7))
    const keys = await openKeys(place('root.key'))
    return {
      keys,
      open: () => openKeys(place('root.key')),
      openOtherwise: () => openKeys(place('other.key')),
      async remove() {
        await keys[Symbol.asyncDispose]()
        rmSync(folder, { recursive: true })
      },
    }
  })
})
