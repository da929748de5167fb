import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { keys } from '../../src/app/commands/keys.ts'
import { readConfig } from '../../src/app/config.ts'
import { openHouse } from '../../src/app/house.ts'
import { refuseOpenDoor } from '../../src/app/open-door.ts'
import { verifyKey } from '../../src/flows/verify-key.ts'

const data = mkdtempSync(join(tmpdir(), 'clarity-keys-'))
const config = { ...readConfig({}), data, warehouse: 'none' }
afterAll(() => rmSync(data, { recursive: true }))

async function run(words: readonly string[], flags: Record<string, string> = {}) {
  const told: string[] = []
  await keys.run({ positionals: words, flags, json: true, config, out: (text) => void told.push(text), say: () => undefined })
  return told
    .join('')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

test('a server is not opened to others before somebody has a credential for it', async () => {
  await using house = await openHouse(config)
  await expect(refuseOpenDoor(house, '0.0.0.0')).rejects.toMatchObject({ code: 'wrong_use' })
  await refuseOpenDoor(house, '127.0.0.1')
})

test('a key is made, listed without its secret, and revoked', async () => {
  const [made] = await run(['create'], { scope: 'users:create,profile:read', expires: '90' })
  expect(made).toMatchObject({ kind: 'service', scopes: ['users:create', 'profile:read'] })
  const { key, ...shown } = made
  expect(await run(['list'])).toEqual([shown])
  {
    await using house = await openHouse(config)
    expect(await verifyKey(house, key)).toMatchObject({ keyId: shown.keyId })
    await refuseOpenDoor(house, '0.0.0.0')
  }
  expect(await run(['revoke', shown.prefix])).toEqual([{ keyId: shown.keyId, revoked: true }])
  await using house = await openHouse(config)
  await expect(verifyKey(house, key)).rejects.toMatchObject({ code: 'unauthorized' })
  await expect(refuseOpenDoor(house, '0.0.0.0')).rejects.toMatchObject({ code: 'wrong_use' })
})

test.each([
  [['create'], {}],
  [['create'], { scope: 'everything' }],
  [['create'], { scope: 'all', kind: 'king' }],
  [['create'], { scope: 'all', expires: 'soon' }],
  [['revoke'], {}],
  [['burn'], {}],
])('keys %j with %j is wrong use', async (words, flags) => {
  await expect(run(words, flags)).rejects.toMatchObject({ code: 'wrong_use' })
})
