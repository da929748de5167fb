import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { lossesIn, run, runWriter } from './child.ts'
import { seeded } from './dice.ts'
import { openLoopDisk } from './loop-disk.ts'

const rounds = Number(process.env.CLARITY_FAULT_ROUNDS ?? 12)
const opened = await openLoopDisk(200)
const disk = 'missing' in opened ? undefined : opened
const name = 'a power cut, as ext4 plays it'
afterAll(() => disk?.[Symbol.dispose]())

describe.skipIf(!disk)('missing' in opened ? `${name} (skipped: needs ${opened.missing})` : name, () => {
  const { path, cut, restore } = disk ?? { path: '', cut: async () => 0n, restore: () => undefined }

  test(`${rounds} times over on the same stores loses nothing that was acknowledged`, async () => {
    const random = seeded(7)
    const data = join(path, 'data')
    let acknowledged = 0
    for (let round = 1; round <= rounds; round += 1) {
      const target = acknowledged + 1 + Math.floor(random() * 12)
      const said: bigint[] = []
      let cutting: Promise<bigint> | undefined
      const outcome = await runWriter([data, acknowledged + 1, 1_000_000], {
        onLine: (line, kill) => {
          if (line.startsWith('ack')) said.push(process.hrtime.bigint())
          if (line === `ack ${target}`) cutting = cut().finally(kill)
        },
      })
      const cutAt = (await cutting) ?? expect.fail('the power was not cut')
      acknowledged += said.filter((at) => at < cutAt).length
      expect(acknowledged).toBeGreaterThanOrEqual(target)
      restore()
      expect(await lossesIn(data, acknowledged, outcome.acknowledged + 1)).toEqual([])
    }
  }, 600_000)

  test('what was written without a sync is lost, so that the test above proves something', async () => {
    const probe = join(path, 'unsynced')
    expect(run('sh', '-c', `echo x > ${probe}`)).toBe(true)
    await cut()
    restore()
    expect(run('test', '-e', probe)).toBe(false)
  })
})
