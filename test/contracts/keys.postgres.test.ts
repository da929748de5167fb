import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, test } from 'vitest'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { expectProblem } from './expectations.ts'
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

  test('of destroyed keys no row says whose they were, and each store calls a person otherwise', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clarity-keys-'))
    const rowsOf = async (url: string) => {
      await using keys = await openKeys({ keys: url, rootKey: join(folder, 'root.key') })
      await keys.make('adalovelace')
      const client = new Client({ connectionString: url })
      await client.connect()
      const all = async () => (await client.query('SELECT * FROM clarity_keys.people')).rows
      const [before] = await all()
      await keys.destroy('adalovelace')
      const [after] = await all()
      await client.end()
      await expectProblem('erased', keys.make('adalovelace'))
      return [before, after]
    }
    const [before, after] = await rowsOf(await server.createDatabase())
    expect(before.user_id).toBe('adalovelace')
    expect(JSON.stringify(after)).not.toContain('adalovelace')
    expect(after).toEqual({ ...before, user_id: null, revision: 2, root: null, wrapped: null, destroyed: expect.any(String) })
    expect((await rowsOf(await server.createDatabase()))[1].person).not.toBe(after.person)
    rmSync(folder, { recursive: true })
  })
})
