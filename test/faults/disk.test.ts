import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { lossesIn, newFolder, runWriter } from './child.ts'
import { growDisk, mayMount, mountSmallDisk, unmountDisk } from './small-disk.ts'
import { blobsIn, urlIn } from './steps.ts'
import { describeTraced } from './trace.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

const steps = 12

describeTraced('a system call that fails once', () => {
  // SQLite writes and syncs on the main thread, the objects are synced on the pool's only one: strace counts each.
  const faults = [
    ['fdatasync', 'EIO', 'unavailable', [1, 2, 5, 9]],
    ['fsync', 'EIO', 'unavailable', [1, 3, 6, 10, 15, 26, 29, 33]],
    ['pwrite64', 'ENOSPC', 'storage_full', [1, 2, 4, 8, 20, 33, 60]],
    ['rename', 'EIO', 'unavailable', [1, 4, 9]],
  ] as const
  const cases = faults.flatMap(([call, error, code, times]) => times.map((nth) => [call, error, nth, code] as const))

  test.each(cases)('%s with %s at time %d is told as a problem, and the retry settles it', async (call, error, nth, code) => {
    const trace = join(folder, 'trace')
    const data = join(folder, 'data')
    const prefix = ['strace', '-f', '--seccomp-bpf', '-o', trace, '-e', `trace=${call}`, '-e', `inject=${call}:error=${error}:when=${nth}`]
    const outcome = await runWriter([data, 1, steps], { prefix })
    const failures = outcome.lines.filter((line) => line.startsWith('failed'))
    const injected = readFileSync(trace, 'utf8').split('(INJECTED)').length - 1
    expect({ code: outcome.code, errors: outcome.errors }).toEqual({ code: 0, errors: '' })
    expect(injected).toBeGreaterThan(0)
    for (const line of failures) expect(line).toMatch(new RegExp(`^failed \\S+ (${code}|unavailable)$`))
    // Fewer where SQLite puts off what it can do later, as a checkpoint.
    expect(failures.length).toBeLessThanOrEqual(injected)
    expect(readdirSync(join(blobsIn(data), '.tmp'))).toEqual([])
    expect(await lossesIn(data, steps, steps)).toEqual([])
  })

  test('a file whose sync failed is not synced again', async () => {
    const trace = join(folder, 'trace')
    await runWriter([join(folder, 'data'), 1, 1], {
      prefix: [
        'strace',
        '-f',
        '--seccomp-bpf',
        '-y',
        '-o',
        trace,
        '-e',
        'trace=fdatasync,fsync',
        '-e',
        'inject=fdatasync:error=EIO:when=2',
      ],
    })
    const calls = readFileSync(trace, 'utf8')
      .split('\n')
      .filter((line) => line.includes('/.tmp/'))
    const [failed] = calls.filter((line) => line.includes('(INJECTED)'))
    const path = /<([^>]+)>/.exec(failed ?? '')?.[1] ?? 'no file'
    expect(calls.filter((line) => line.includes(`<${path}>`))).toHaveLength(1)
  })
})

describe.skipIf(!mayMount)(mayMount ? 'a disk that is full' : 'a disk that is full (skipped: no right to mount a tmpfs)', () => {
  beforeEach(() => {
    expect(mountSmallDisk(folder, '6m')).toBe(true)
  })
  afterEach(() => {
    unmountDisk(folder)
  })

  test('is told as storage_full, reads go on, and writes work again once there is space', async () => {
    await using documents = openSqliteDocuments(urlIn(folder))
    await using blobs = openFileBlobs(blobsIn(folder))
    const body = { text: 'x'.repeat(20_000) }
    const put = (n: number) => documents.batch([{ op: 'put', path: `jobs/j${n}`, body }])
    const keep = (n: number) => blobs.putAll([1, 2].map((part) => ({ key: `a/${n}-${part}`, bytes: new Uint8Array(60_000).fill(n) })))
    const stream = (n: number) => blobs.putStream(`b/${n}`, oneChunk(new Uint8Array(90_000).fill(n)))

    const kept = await untilFull(keep)
    const streamed = await untilFull(stream)
    const documented = await untilFull(put)
    expect(readdirSync(join(blobsIn(folder), '.tmp'))).toEqual([])
    for (let n = 0; n < kept; n += 1) expect(await blobs.get(`a/${n}-2`)).toEqual(new Uint8Array(60_000).fill(n))
    for (let n = 0; n < streamed; n += 1) expect(await blobs.get(`b/${n}`)).toEqual(new Uint8Array(90_000).fill(n))
    for (let n = 0; n < documented; n += 1) expect(await documents.get(`jobs/j${n}`)).toMatchObject({ body })
    expect(kept).toBeGreaterThan(0)

    expect(growDisk(folder, '20m')).toBe(true)
    await put(documented)
    await keep(kept)
    await stream(streamed)
    expect(await documents.get(`jobs/j${documented}`)).toMatchObject({ body })
    expect((await documents.list({ collection: 'jobs', limit: 1000 })).data).toHaveLength(documented + 1)
  })
})

/** How many calls succeeded before the first refusal, which must say that the disk is full. */
async function untilFull(write: (n: number) => Promise<unknown>): Promise<number> {
  for (let n = 0; n < 1000; n += 1) {
    const error: unknown = await write(n).then(
      () => undefined,
      (caught: unknown) => caught,
    )
    if (error === undefined) continue
    expect(error).toMatchObject({ name: 'Problem', code: 'storage_full' })
    return n
  }
  throw new Error('The disk never became full')
}

async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
