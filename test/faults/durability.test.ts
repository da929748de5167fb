import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lossesIn, newFolder, runWriter } from './child.ts'
import { seeded } from './dice.ts'
import { blobsIn, erasedBy, objectsOf, streamsOf } from './steps.ts'
import { type Call, describeTraced, readTrace } from './trace.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

describeTraced('before an acknowledgement leaves the process', () => {
  const steps = 9
  const traced = 'write,pwrite64,fsync,fdatasync,rename,unlink,mkdir,ftruncate'

  async function trace(): Promise<{ calls: Call[]; acks: Map<number, number> }> {
    const output = join(folder, 'trace')
    const { code, errors } = await runWriter([join(folder, 'data'), 1, steps], {
      prefix: ['strace', '-f', '--seccomp-bpf', '-y', '-s', '32', '-o', output, '-e', `trace=${traced}`],
    })
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    const calls = readTrace(output)
    const said = calls.map(
      ({ name, text, start }) => [name === 'write' ? Number(/"ack (\d+)\\n"/.exec(text)?.[1] ?? 0) : 0, start] as const,
    )
    return { calls, acks: new Map(said.filter(([n]) => n > 0)) }
  }

  const isSync = ({ name }: Call) => name === 'fsync' || name === 'fdatasync'
  const touches = (path: string) => (call: Call) => call.text.includes(`<${path}>`)

  test('each object is written, synced, renamed and its folder synced, in that order', async () => {
    const { calls, acks } = await trace()
    expect([...acks.keys()]).toEqual(Array.from({ length: steps }, (_, n) => n + 1))
    for (const [n, acknowledgedAt] of acks) {
      for (const { key } of [...objectsOf(n), ...streamsOf(n)]) {
        const path = join(blobsIn(join(folder, 'data')), key)
        const renamed = calls.find(({ name, text }) => name === 'rename' && text.includes(`, "${path}")`))
        const temp = /"([^"]+)"/.exec(renamed?.text ?? '')?.[1] ?? 'no rename'
        const written = calls.filter(({ name }) => name === 'pwrite64').filter(touches(temp))
        const synced = calls.filter(isSync).find(touches(temp))
        const named = calls.filter(isSync).find((call) => touches(dirname(path))(call) && call.start > (renamed?.end ?? 0))
        const order = [
          written.at(0)?.start,
          written.at(-1)?.end,
          synced?.start,
          synced?.end,
          renamed?.start,
          renamed?.end,
          named?.start,
          named?.end,
          acknowledgedAt,
        ]
        expect(order).not.toContain(undefined)
        expect(order).toEqual([...order].sort((a, b) => (a ?? 0) - (b ?? 0)))
      }
    }
  })

  test('each new folder is named durably in the folder above it', async () => {
    const { calls, acks } = await trace()
    const made = calls.filter(({ name, text }) => name === 'mkdir' && text.includes(join(folder, 'data')))
    expect(made.length).toBeGreaterThan(8)
    for (const { text, end } of made) {
      const path = /"([^"]+)"/.exec(text)?.[1] ?? ''
      const next = Math.min(...[...acks.values()].filter((at) => at > end))
      expect(calls.some((call) => isSync(call) && touches(dirname(path))(call) && call.start > end && call.end < next)).toBe(true)
    }
  })

  test('a deleted object is unlinked and a folder above it synced', async () => {
    const { calls, acks } = await trace()
    const erasing = [...acks].filter(([n]) => erasedBy(n) !== undefined)
    expect(erasing).not.toEqual([])
    for (const [n, acknowledgedAt] of erasing) {
      for (const { key } of objectsOf(erasedBy(n) ?? 0)) {
        const path = join(blobsIn(join(folder, 'data')), key)
        const unlinked = calls.find(({ name, text }) => name === 'unlink' && text.includes(`"${path}"`))
        const synced = calls.find(
          (call) =>
            isSync(call) &&
            call.start > (unlinked?.end ?? Number.POSITIVE_INFINITY) &&
            path.startsWith(/<([^>]+)>/.exec(call.text)?.[1] ?? '?'),
        )
        expect(synced?.end).toBeLessThan(acknowledgedAt)
      }
    }
  })

  test('the log of the documents is written and then synced, and its name too', async () => {
    const { calls, acks } = await trace()
    const log = join(folder, 'data', 'store.db-wal')
    const writes = calls.filter(({ name }) => name === 'pwrite64').filter(touches(log))
    const syncs = calls.filter(isSync).filter(touches(log))
    let before = 0
    for (const acknowledgedAt of acks.values()) {
      const mine = writes.filter(({ start, end }) => start > before && end < acknowledgedAt)
      const last = mine.at(-1)
      expect(mine.length).toBeGreaterThan(0)
      expect(syncs.some(({ start, end }) => start > (last?.end ?? 0) && end < acknowledgedAt)).toBe(true)
      before = acknowledgedAt
    }
    const firstAck = Math.min(...acks.values())
    const named = calls.filter(isSync).filter(touches(join(folder, 'data')))
    expect(named.some(({ start, end }) => start > (writes[0]?.start ?? Number.POSITIVE_INFINITY) && end < firstAck)).toBe(true)
  })
})

const rounds = Number(process.env.CLARITY_FAULT_ROUNDS ?? 24)

test(`a writer killed at ${rounds} random moments, over and over on the same stores, loses nothing that it acknowledged`, async () => {
  const random = seeded(20_240_120)
  let acknowledged = 0
  let attempted = 0
  for (let round = 1; round <= rounds; round += 1) {
    const target = acknowledged + Math.floor(random() * 14)
    const delayMs = random() * (target === acknowledged ? 250 : 6)
    const outcome = await runWriter([folder, acknowledged + 1, 1_000_000], {
      onStart: (kill) => {
        if (target === acknowledged) setTimeout(kill, delayMs)
      },
      onLine: (line, kill) => {
        if (line === `ack ${target}`) setTimeout(kill, delayMs)
      },
    })
    expect({ round, signal: outcome.signal, errors: outcome.errors }).toEqual({ round, signal: 'SIGKILL', errors: '' })
    acknowledged = Math.max(acknowledged, outcome.acknowledged)
    attempted = acknowledged + 1
    expect(await lossesIn(folder, acknowledged, attempted)).toEqual([])
  }
  expect(acknowledged).toBeGreaterThan(2 * rounds)
  const { code } = await runWriter([folder, attempted, attempted + 8])
  expect(code).toBe(0)
  expect(await lossesIn(folder, attempted + 8, attempted + 8)).toEqual([])
}, 600_000)
