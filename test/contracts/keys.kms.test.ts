import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openKeysOver } from '../../src/adapters/keys/keys-over.ts'
import type { RootKey } from '../../src/adapters/keys/root-key.ts'
import { openSqliteKeyRows } from '../../src/adapters/keys/sqlite-rows.ts'
import { Problem } from '../../src/model/problem.ts'
import { startKms } from '../engines/kms.ts'
import { keysContract } from './keys.ts'

const kms = await startKms()
afterAll(() => kms.stop())

/** A root key that this process never sees. */
function rootAt(name: string): RootKey {
  async function ask(act: string, bytes: Uint8Array, context: string): Promise<Uint8Array> {
    const body = JSON.stringify({ bytes: Buffer.from(bytes).toString('base64'), context })
    const answer = await fetch(`${kms.url}/${name}/${act}`, { method: 'POST', body })
    if (!answer.ok) throw new Problem('storage_corrupt', 'The service does not open it.')
    return Buffer.from(((await answer.json()) as { bytes: string }).bytes, 'base64')
  }
  return {
    wrap: async (bytes, context) => ({ by: name, bytes: await ask('encrypt', bytes, context) }),
    async unwrap({ by, bytes }, context) {
      if (by !== name) throw new Problem('wrong_root_key', `The service has no key ${by} for us.`)
      return ask('decrypt', bytes, context)
    },
  }
}

keysContract('a key management service', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-kms-'))
  const open = (name = 'first') => openKeysOver(openSqliteKeyRows(join(folder, 'keys.db')), rootAt(name))
  const keys = await open()
  return {
    keys,
    open,
    openOtherwise: () => open('other'),
    async remove() {
      await keys[Symbol.asyncDispose]()
      rmSync(folder, { recursive: true })
    },
  }
})
