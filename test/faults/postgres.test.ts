import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { failpoints } from '../../src/adapters/failpoints.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Postgres, startPostgres } from '../engines/postgres.ts'
import { newFolder } from './child.ts'
import { seeded } from './dice.ts'
import { findLaneLosses } from './lane-losses.ts'
import { type Answer, startLaneProcess } from './lane-process.ts'
import { plainLane } from './lanes.ts'
import { growDisk, mayMount, mountSmallDisk, unmountDisk } from './small-disk.ts'
import { untilQuiet } from './stages.ts'
import { openStores, type Places } from './stores.ts'
import { describeTraced } from './trace.ts'

let folder = ''
beforeEach(() => {
  folder = newFolder()
})
afterEach(() => rmSync(folder, { recursive: true }))

async function lossesIn(places: Places, acknowledged: number, sent: number): Promise<string[]> {
  await untilQuiet(places.documents)
  await using stores = await openStores(places)
  return await findLaneLosses(stores, new Map([[plainLane, { sent, acknowledged }]]))
}

describeEngine('a writer on PostgreSQL', await startPostgres({ own: true }), (server) => {
  afterAll(() => server.stop())

  // Only SQLite has a log to be scrubbed.
  const names = failpoints.filter((name) => name.startsWith('documents:') && name !== 'documents:scrubbed')

  test.each(names)('killed at %s, all that it acknowledged is there and the next goes on', async (name) => {
    const places = { documents: await server.createDatabase(), blobs: folder }
    const writer = await startLaneProcess(places, `${name}:kill@3`).catch(() => undefined)
    let acknowledged = 0
    while (acknowledged < 6 && isKept(await writer?.ask(plainLane, acknowledged + 1))) acknowledged += 1
    expect(writer?.isAlive ?? false).toBe(false)
    expect(await lossesIn(places, acknowledged, acknowledged + 1)).toEqual([])

    const next = await startLaneProcess(places)
    for (; acknowledged < 8; acknowledged += 1) expect(isKept(await next.ask(plainLane, acknowledged + 1))).toBe(true)
    await next.close()
    expect(await lossesIn(places, acknowledged, acknowledged)).toEqual([])
  })

  describeTraced('and a sync of its log that fails', () => {
    test.each([2, 5])('at time %d, is told as unavailable until it has recovered, and the retry settles it', async (nth) => {
      const url = await server.createDatabase()
      await using documents = await openPostgresDocuments(url)
      const trace = join(folder, 'trace')
      const tracer = await traced(server, trace, nth)
      // Its connections, and so their processes, begin now.
      await using observed = await openPostgresDocuments(url, { connections: 1 })
      const { kept, code } = await untilRefused((n) => put(observed, n, { n }))
      await tracer[Symbol.asyncDispose]()
      expect(code).toBe('unavailable')
      expect(readFileSync(trace, 'utf8')).toContain('(INJECTED)')

      expect(['kept', 'conflict']).toContain(await untilOther(code, () => put(observed, kept, { n: kept })))
      for (let n = 0; n <= kept; n += 1) expect(await documents.get(`jobs/j${n}`)).toMatchObject({ version: 1, body: { n } })
    })
  })
})

const name = 'a full disk under PostgreSQL'
describe.skipIf(!mayMount)(mayMount ? name : `${name} (skipped: no right to mount a tmpfs)`, () => {
  beforeEach(() => {
    expect(mountSmallDisk(folder, '80m')).toBe(true)
  })
  afterEach(() => {
    unmountDisk(folder)
  })

  test('refuses writes, and once there is space and it runs again it has all that it acknowledged', async () => {
    const server = await startPostgres({ own: true, home: folder })
    if ('missing' in server) return
    await using running = new AsyncDisposableStack()
    running.defer(server.stop)
    const documents = running.use(await openPostgresDocuments(await server.createDatabase()))
    const bodies = (n: number) => ({ n, text: seededText(n) })
    const { kept, code } = await untilRefused((n) => put(documents, n, bodies(n)))
    expect(['storage_full', 'unavailable']).toContain(code)
    expect(kept).toBeGreaterThan(3)

    expect(growDisk(folder, '300m')).toBe(true)
    // A full log ends the server; whoever keeps it running starts it again.
    await server.kill()
    await server.start()
    expect(['kept', 'conflict']).toContain(await untilOther('unavailable', () => put(documents, kept, bodies(kept))))
    for (let n = 0; n <= kept; n += 1) expect((await documents.get(`jobs/j${n}`))?.body).toEqual(bodies(n))
  })
})

function put(documents: Documents, n: number, body: object): Promise<void> {
  return documents.batch([{ op: 'put', path: `jobs/j${n}`, body, ifAbsent: true }])
}

/** A third of a megabyte that cannot be compressed. */
function seededText(n: number): string {
  const random = seeded(n)
  return Array.from({ length: 30_000 }, () => random().toString(36).slice(2)).join('')
}

async function untilRefused(write: (n: number) => Promise<unknown>): Promise<{ kept: number; code: string }> {
  for (let kept = 0; kept < 1000; kept += 1) {
    const code = await outcomeOf(write(kept))
    if (code !== 'kept') return { kept, code }
  }
  throw new Error('Nothing was refused')
}

/** Again and again while the outcome is `code`. */
async function untilOther(code: string, write: () => Promise<unknown>): Promise<string> {
  const outcome = await outcomeOf(write())
  return outcome === code ? untilOther(code, write) : outcome
}

function isKept(answer: Answer): boolean {
  return answer !== undefined && 'acknowledgedAt' in answer
}

/** `kept`, or the code of its problem. */
async function outcomeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'kept',
    (error) => error.code,
  )
}

/** The server's processes that begin from now on meet EIO at their Nth fdatasync. */
async function traced({ pid }: Postgres, output: string, nth: number): Promise<AsyncDisposable> {
  const options = ['-f', '-p', String(pid), '-o', output, '-e', 'trace=fdatasync', '-e', `inject=fdatasync:error=EIO:when=${nth}`]
  const tracer: ChildProcess = spawn('strace', options, { stdio: ['ignore', 'ignore', 'pipe'] })
  const ended = once(tracer, 'exit')
  if (tracer.stderr) await once(tracer.stderr, 'data')
  return {
    async [Symbol.asyncDispose]() {
      tracer.kill('SIGINT')
      await ended
    },
  }
}
