import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type House, openHouse } from '../../src/app/house.ts'
import { every } from '../../src/flows/every.ts'
import { accountCollections } from '../../src/model/audit.ts'
import { collectionNames } from '../../src/model/collections.ts'
import { exportText, steps } from '../golden/export-text.ts'
import { imported, sourceOf } from '../golden/people.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-rotate-'))
afterAll(() => rmSync(folder, { recursive: true }))
const cli = join(import.meta.dirname, '../../src/app/cli.js')

/** `clarity keys rotate` that kills itself at the Nth place where a store can be stopped; false where it came to its end. */
function isKilledAt(nth: number, data: string): boolean {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', CLARITY_DATA: data, CLARITY_FAILPOINTS: `*:kill@${nth}` }
  const { signal, status, stderr } = spawnSync(process.execPath, [cli, 'keys', 'rotate', '--user', 'robin'], { encoding: 'utf8', env })
  expect([signal, status], stderr).toEqual(signal === null ? [null, 0] : ['SIGKILL', null])
  return signal !== null
}

async function contentOf({ documents, blobs }: House) {
  const bodies: Record<string, unknown> = {}
  for (const collection of collectionNames.filter((name) => !accountCollections.includes(name)))
    for await (const { path, body } of every(documents, { collection })) bodies[path] = body
  const held: Record<string, string> = {}
  for await (const { key } of blobs.list('')) held[key] = Buffer.from(await blobs.get(key)).toString('base64')
  return { bodies, held }
}

async function staleIn({ lying, sealing }: House): Promise<string[]> {
  const stale: string[] = []
  for (const collection of collectionNames)
    for await (const each of every<object>(lying.documents, { collection })) if (await sealing.isStale(each)) stale.push(each.path)
  for await (const { key } of lying.blobs.list('')) if (await sealing.isStaleObject(key)) stale.push(key)
  return stale
}

test('killed at any of its writes a rotation leaves everything readable, and the next call ends it', async () => {
  const data = join(folder, 'data')
  const walks = Array.from({ length: 12 }, (_, n) => steps('phone', `2024-06-${String(n + 1).padStart(2, '0')}`, '08:00', '09:00', 4711))
  let content: unknown
  {
    await using house = await openHouse({ data, stagedNights: 'none' })
    await imported(house, sourceOf(exportText(walks)), 'UTC')
    content = await contentOf(house)
  }
  let killed = 0
  for (const nth of [1, 2, 7, 20, 40, 60]) {
    const copy = join(folder, `copy-${nth}`)
    cpSync(data, copy, { recursive: true })
    if (isKilledAt(nth, copy)) killed++
    {
      await using house = await openHouse({ data: copy })
      expect(await contentOf(house)).toEqual(content)
    }
    if (nth !== 40) continue
    expect(isKilledAt(1e9, copy)).toBe(false)
    await using house = await openHouse({ data: copy })
    expect(await contentOf(house)).toEqual(content)
    expect(await staleIn(house)).toEqual([])
  }
  expect(killed).toBeGreaterThan(4)
}, 60_000)
