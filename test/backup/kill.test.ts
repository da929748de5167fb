import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { findUnfinished } from '../../src/flows/fill-store.ts'
import { inspectBackup } from '../../src/flows/verify-backup.ts'
import { keysSaid } from '../e2e/cli.ts'
import { seeded } from '../faults/dice.ts'
import { backUp, contentIn, contentOf, filesIn, filledPlaces, openStores, replaceUpload } from './places.ts'

const places = filledPlaces()
afterAll(() => places[Symbol.dispose]())

const random = seeded(20_241_125)
const cli = join(import.meta.dirname, '../../src/app/cli.js')

/** Runs a command that kills itself at the Nth place where a store can be stopped; says whether it came to that. */
function killedAt(nth: number, words: readonly string[], data: string): boolean {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', CLARITY_DATA: data, ...keysSaid(), CLARITY_FAILPOINTS: `*:kill@${nth}` }
  const { signal, status, stderr } = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8', env })
  expect([signal, status], stderr).toEqual(signal === null ? [null, 0] : ['SIGKILL', null])
  return signal !== null
}

/** Eight moments of a command that has about so many of them. */
function moments(places: number): number[] {
  return Array.from({ length: 8 }, () => 1 + Math.floor(random() * places))
}

test('a backup that is killed anywhere leaves the one before whole, and the next goes on from there', async () => {
  const [data, to] = [places.newData(), join(places.folder, 'killed-backup')]
  await backUp(data, to)
  await using stores = await openStores(data)
  let killed = 0
  for (const [n, nth] of moments(140).entries()) {
    await replaceUpload(stores, `uploads/robin/other-${n}`)
    if (killedAt(nth, ['backup', '--to', to], data)) killed++
    await using backup = openFileBlobs(to)
    expect(await inspectBackup(backup)).toMatchObject({ files: [], objects: { missing: [], damaged: [] } })
  }
  expect(killed).toBeGreaterThan(4)
  const last = await backUp(data, to)
  expect(last.lost).toEqual([])
  expect(filesIn(to).filter((name) => name.startsWith('objects/'))).toHaveLength(last.objects.count)
  const restored = join(places.folder, 'after-kills')
  expect(killedAt(1e9, ['restore', '--from', to], restored)).toBe(false)
  expect(await contentIn(restored)).toEqual(await contentOf(stores))
})

test('a first backup that is killed is no backup, or a whole one', async () => {
  const data = places.newData()
  for (const [n, nth] of moments(110).entries()) {
    const to = join(places.folder, `first-${n % 3}`)
    killedAt(nth, ['backup', '--to', to], data)
    await using backup = openFileBlobs(to)
    const state = await inspectBackup(backup).catch(({ code }) => code)
    if (state === 'not_found') continue
    expect(state).toMatchObject({ files: [], objects: { missing: [], damaged: [] } })
  }
  expect(await backUp(data, join(places.folder, 'first-0'))).toMatchObject({ lost: [] })
})

const filling = [
  ['restore', (data: string, to: string) => ({ words: ['restore', '--from', join(data, '../whole-backup')], data: to })],
  [
    'copy',
    (data: string, to: string) => ({ words: ['copy', '--from', `sqlite:${data}/clarity.db`, '--to', `sqlite:${to}/clarity.db`], data }),
  ],
] as const

test.each(filling)('a %s that is killed anywhere leaves a store that is empty, marked as half filled, or whole', async (name, command) => {
  const data = places.newData()
  await backUp(data, join(places.folder, 'whole-backup'))
  const content = await contentIn(data)
  const to = join(places.folder, `filled-by-${name}`)
  const seen = new Set<string>()
  for (const nth of moments(60)) {
    const { words, data: own } = command(data, to)
    if (!killedAt(nth, words, own)) break
    seen.add(await stateOf(to, content))
  }
  expect(seen).toContain('half filled')
  expect([...seen]).not.toContain('wrong')
  const { words, data: own } = command(data, to)
  if ((await stateOf(to, content)) !== 'whole') expect(killedAt(1e9, words, own)).toBe(false)
  expect(await contentIn(to)).toEqual(content)
})

async function stateOf(data: string, content: unknown): Promise<'empty' | 'half filled' | 'whole' | 'wrong'> {
  if (!existsSync(join(data, 'clarity.db'))) return 'empty'
  await using stores = await openStores(data)
  if ((await findUnfinished(stores)) !== undefined) return 'half filled'
  const found = JSON.stringify(await contentOf(stores))
  if (found === JSON.stringify({ bodies: {}, objects: [] })) return 'empty'
  return found === JSON.stringify(content) ? 'whole' : 'wrong'
}
