import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import type { ErasureReceipt } from '../../src/model/erasure.ts'
import { seeded } from '../faults/dice.ts'
import { about, everything, friend, live, person } from './life.ts'

const program = join(import.meta.dirname, 'erase-process.ts')
const folder = mkdtempSync(join(tmpdir(), 'clarity-erase-'))
const filled = join(folder, 'filled')
const random = seeded(20_261_126)
beforeAll(async () => {
  await using house = await openHouse({ data: filled, stagedNights: 'none' })
  await live(house)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Erases, killed at the Nth place where a store can be stopped; gives the receipt where it came to none of that. */
function eraseUntil(nth: number, data: string): ErasureReceipt | undefined {
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', CLARITY_DATA: data, CLARITY_FAILPOINTS: `*:kill@${nth}` }
  const { signal, status, stderr, stdout } = spawnSync(process.execPath, [program, person], { encoding: 'utf8', env })
  expect([signal, status], stderr).toEqual(signal === null ? [null, 0] : ['SIGKILL', null])
  return signal === null ? JSON.parse(stdout) : undefined
}

async function stateOf(data: string): Promise<Map<string, string>> {
  await using house = await openHouse({ data, stagedNights: 'none' })
  return await everything(house)
}

test('killed anywhere and begun again it ends, and its receipt counts as one that was not', async () => {
  const whole = join(folder, 'whole')
  cpSync(filled, whole, { recursive: true })
  const expected = eraseUntil(1e9, whole)
  const before = about(friend, await stateOf(filled))
  for (let round = 0; round < 4; round++) {
    const data = join(folder, `killed-${round}`)
    cpSync(filled, data, { recursive: true })
    let receipt: ErasureReceipt | undefined
    // Each attempt gets further than the one before, or it would never end.
    for (let nth = 3 + 11 * round + Math.floor(random() * 10); receipt === undefined; nth += 50 + Math.floor(random() * 150))
      receipt = eraseUntil(nth, data)
    const { classes, credentials } = receipt
    expect({ classes: { ...classes, system_logs: undefined }, credentials }, `round ${round}`).toEqual({
      classes: { ...expected?.classes, system_logs: undefined },
      credentials: expected?.credentials,
    })
    const state = await stateOf(data)
    expect(about(person, state)).toEqual([])
    expect(before.filter((place) => !state.has(place) && !place.includes(`/${person}/`))).toEqual([])
  }
})
