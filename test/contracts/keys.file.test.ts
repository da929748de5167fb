import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openKeys } from '../../src/adapters/keys/open-keys.ts'
import { expectProblem } from './expectations.ts'
import { keysContract } from './keys.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-keys-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const place = (name = 'root.key') => ({ keys: `file:${join(folder, 'keys')}`, rootKey: join(folder, name) })
const otherRoot = () => {
  writeFileSync(join(folder, 'other.key'), `${Buffer.alloc(32, 7).toString('base64')}\n`)
  return openKeys(place('other.key'))
}

keysContract('a file', async () => {
  const keys = await openKeys(place())
  return { keys, open: () => openKeys(place()), openOtherwise: otherRoot, remove: async () => keys[Symbol.asyncDispose]() }
})

test('the root key is made at the first start, for one owner’s eyes, and never again', async () => {
  await using first = await openKeys(place())
  const { rootKey } = place()
  expect(first.isNewRoot).toBe(true)
  expect(Buffer.from(readFileSync(rootKey, 'latin1'), 'base64')).toHaveLength(32)
  expect(statSync(rootKey).mode & 0o777).toBe(0o600)
  const before = readFileSync(rootKey)
  await using second = await openKeys(place())
  expect(second.isNewRoot).toBe(false)
  expect(readFileSync(rootKey)).toEqual(before)
})

test('of two that start at once one makes the root key, and both use it', async () => {
  const [one, other] = await Promise.all([openKeys(place()), openKeys(place())])
  expect(await other.make('ada')).toEqual(await one.make('ada'))
  expect([one.isNewRoot, other.isNewRoot].filter(Boolean)).toHaveLength(1)
  await Promise.all([one, other].map((keys) => keys[Symbol.asyncDispose]()))
})

test('a root key that is gone is not made anew, and one that is none is refused', async () => {
  await using keys = await openKeys(place())
  await keys.make('ada')
  rmSync(place().rootKey)
  await expectProblem('wrong_root_key', openKeys(place()))
  expect(existsSync(place().rootKey)).toBe(false)
  writeFileSync(place().rootKey, 'no key\n')
  await expectProblem('wrong_root_key', openKeys(place()))
})

test('32 bytes as they are serve as a root key too', async () => {
  writeFileSync(place().rootKey, Buffer.alloc(32, 9))
  await using keys = await openKeys(place())
  const made = await keys.make('ada')
  writeFileSync(place().rootKey, Buffer.alloc(32, 9).toString('base64'))
  await using again = await openKeys(place())
  expect(await again.of('ada')).toEqual(made)
})

test('no key lies in the store as it is, and of a destroyed one neither what wrapped it nor whose it was', async () => {
  const keys = await openKeys(place())
  // No word that hex digits spell: by chance they would.
  const who = 'zoe_who_goes'
  const { audit, data } = await keys.make(who)
  const files = () => readdirSync(join(folder, 'keys')).map((name) => readFileSync(join(folder, 'keys', name)))
  for (const key of [audit, ...data.map(({ bytes }) => bytes)])
    for (const bytes of files()) expect(bytes.includes(key) || bytes.includes(Buffer.from(key).toString('base64'))).toBe(false)
  const before = Buffer.concat(files())
  expect(before.includes(who)).toBe(true)
  await keys.destroy(who)
  // Nor whose they were.
  for (const bytes of files()) expect(bytes.includes(who)).toBe(false)
  await expectProblem('erased', keys.make(who))
  // 16 bytes of what wrapped the keys, wherever they began in the files, are nowhere any more.
  const from = before.indexOf(who) + who.length + 27
  const wrapped = before.subarray(from, from + 16)
  expect(wrapped).toHaveLength(16)
  for (const bytes of files()) expect(bytes.includes(wrapped)).toBe(false)
  await keys[Symbol.asyncDispose]()
})
