import { spawnSync } from 'node:child_process'
import { cpSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { findStrays } from '../../src/flows/find-strays.ts'
import { packMonth } from '../../src/flows/pack-month.ts'
import { run } from '../e2e/cli.ts'
import { handMonth, looseOf, readAll } from '../fixtures/handed-month.ts'
import { newFolder } from './child.ts'

const writer = join(import.meta.dirname, 'pack-writer.ts')
const folder = newFolder()
const whole = join(folder, 'whole')
let before: Awaited<ReturnType<typeof readAll>>

beforeAll(async () => {
  await using house = await openHouse({ data: whole })
  await handMonth(house, [1, 2, 3, 4, 5, 7, 8, 10, 11, 13])
  before = await readAll(house)
})
afterAll(() => rmSync(folder, { recursive: true }))

const places = [
  'blobs:written',
  'blobs:synced',
  'blobs:renamed-one',
  'blobs:folders-synced',
  'documents:begun',
  'documents:written-one',
  'documents:written-all',
  'documents:committed',
]

test.each(places)('a packing that is killed at %s leaves every sample readable, is made again, and doctor clears up', async (place) => {
  const data = join(folder, place.replace(':', '-'))
  cpSync(whole, data, { recursive: true })
  expect(spawnSync(process.execPath, [writer, data, place], { encoding: 'utf8' })).toMatchObject({ signal: 'SIGKILL', stderr: '' })
  const isCommitted = place === 'documents:committed'
  {
    await using house = await openHouse({ data })
    expect(await readAll(house)).toEqual(before)
    expect(await looseOf(house)).toHaveLength(isCommitted ? 0 : 9)
    expect(await packMonth(house, 'robin', '2024-01')).toBe(isCommitted ? 0 : 9)
    expect(await readAll(house)).toEqual(before)
    expect(await findStrays(house, true)).toMatchObject({ missing: [], damaged: [] })
  }
  const { ok, findings } = JSON.parse(run('cli', ['doctor', '--verify', '--json'], { data }).out)
  expect(findings).toContainEqual(expect.objectContaining({ check: 'strays', ok: true, says: '0 objects that no document names' }))
  expect(ok).toBe(true)
})
