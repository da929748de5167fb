import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lossesIn, newFolder, run, runWriter } from './child.ts'
import { seeded } from './dice.ts'

// From now on nothing reaches the disk, not even the journal: EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH (fs/ext4/ext4.h).
const cutPower = 'import fcntl,os,struct,sys; fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587d, struct.pack("I", 2))'

const rounds = Number(process.env.CLARITY_FAULT_ROUNDS ?? 12)
const folder = newFolder()
const image = join(folder, 'disk')
const disk = join(folder, 'mounted')

function mount(): boolean {
  return run('mount', '-o', 'loop', image, disk)
}

function canCutPower(): boolean {
  mkdirSync(disk)
  if (!run('truncate', '-s', '200M', image) || !run('mkfs.ext4', '-q', image) || !mount()) return false
  const isCut = run('python3', '-c', cutPower, disk)
  return run('umount', disk) && isCut
}

const isAble = canCutPower()
const name = 'a power cut, as ext4 plays it'
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(!isAble)(isAble ? name : `${name} (skipped: needs root, mkfs.ext4, a loop device and python3)`, () => {
  beforeAll(() => {
    expect(mount()).toBe(true)
  })
  afterAll(() => {
    run('umount', disk)
  })

  test(`${rounds} times over on the same stores loses nothing that was acknowledged`, async () => {
    const random = seeded(7)
    const data = join(disk, 'data')
    let acknowledged = 0
    for (let round = 1; round <= rounds; round += 1) {
      const target = acknowledged + 1 + Math.floor(random() * 12)
      const outcome = await runWriter([data, acknowledged + 1, 1_000_000], {
        onLine: (line, kill) => {
          if (line !== `ack ${target}`) return
          expect(run('python3', '-c', cutPower, disk)).toBe(true)
          kill()
        },
      })
      acknowledged = outcome.acknowledged
      expect(acknowledged).toBeGreaterThanOrEqual(target)
      expect(run('umount', disk) && mount()).toBe(true)
      expect(await lossesIn(data, acknowledged, acknowledged + 1)).toEqual([])
    }
  }, 600_000)

  test('what was written without a sync is lost, so that the test above proves something', () => {
    const probe = join(disk, 'unsynced')
    expect(run('sh', '-c', `echo x > ${probe}`) && run('python3', '-c', cutPower, disk) && run('umount', disk) && mount()).toBe(true)
    expect(run('test', '-e', probe)).toBe(false)
  })
})
