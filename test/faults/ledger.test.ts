import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { describeEngine } from '../engines/describe-engine.ts'
import { newFolder } from './child.ts'
import { seeded } from './dice.ts'
import { openLoopDisk } from './loop-disk.ts'
import { type Play, playRounds, type Tally } from './rounds.ts'
import { stages } from './stages.ts'

// `npm run faults` plays more of them.
const kills = Number(process.env.CLARITY_FAULT_ROUNDS ?? 12)
const cuts = Number(process.env.CLARITY_FAULT_ROUNDS ?? 3)
const folder = newFolder()
afterAll(() => rmSync(folder, { recursive: true }))

function play(name: string, rounds: Pick<Play, 'stage' | 'disk' | 'rounds'>): Promise<Tally> {
  return playRounds({ ...rounds, steps: 12, random: seeded(11), ledger: join(folder, name) })
}

for (const [store, openStage] of Object.entries(stages)) {
  const opened = await openStage()
  // Out here, so that it runs where a filter leaves this engine's tests out.
  if (!('missing' in opened)) afterAll(() => opened[Symbol.asyncDispose]())
  describeEngine(`${store} and files`, opened, (stage) => {
    test(`killed ${kills} times, over and over, hold all that the ledger says was acknowledged`, async () => {
      const { wrong, ...told } = await play(`${store}-kills`, { stage, rounds: kills })
      expect(wrong).toEqual([])
      expect(told).toMatchObject({ rounds: kills, kills })
      expect(told.unanswered).toBeGreaterThan(0)
      expect(told.samples).toBeGreaterThan(kills * 1000)
    }, 600_000)
  })
}

const loop = await openLoopDisk(500)
const disk = 'missing' in loop ? undefined : loop
afterAll(() => disk?.[Symbol.dispose]())
const name = 'a power cut under what writes'
describe.skipIf(!disk)('missing' in loop ? `${name} (skipped: needs ${loop.missing})` : name, () => {
  test.each(Object.entries(stages))(
    `${cuts} times over %s and files leaves all that the ledger says was acknowledged`,
    async (store, openStage) => {
      const stage = await openStage(disk)
      if ('missing' in stage || disk === undefined) return
      await using _ = stage
      const { wrong, ...told } = await play(`${store}-cuts`, { stage, disk, rounds: cuts })
      expect(wrong).toEqual([])
      expect(told).toMatchObject({ rounds: cuts, cuts })
    },
    600_000,
  )
})
