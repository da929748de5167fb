import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { readConfig } from '../../src/app/config.ts'
import { type House, openHouse } from '../../src/app/house.ts'
import { makeKey } from '../../src/flows/keys.ts'
import { freePort } from '../engines/free-port.ts'
import { startPostgres } from '../engines/postgres.ts'
import { startRedis } from '../engines/redis.ts'
import { startS3 } from '../engines/s3.ts'
import { type LogLine, type Member, superviseMember } from './member.ts'

export const faultKinds = ['api', 'worker', 'redis', 'postgres', 'store', 'rolling'] as const
export type FaultKind = (typeof faultKinds)[number]

/** Two API processes and two workers over PostgreSQL, Redis and an S3 store, all ours to kill. */
export interface Cluster extends AsyncDisposable {
  /** Of the two API processes; each keeps its address over restarts. */
  readonly apis: readonly [string, string]
  /** The key of a service. */
  readonly token: string
  /** The same stores, to look into. */
  openHouse(): Promise<House>
  /** SIGKILL to one of a kind, to a worker when it has a job; `rolling` is SIGTERM to any process. What was ended is started again before it resolves, or soon after. */
  play(kind: FaultKind, random: () => number): Promise<void>
  /** Resolves when all processes have started. */
  settle(): Promise<void>
  /** Lines of the log that tell of a bug. */
  readonly faults: readonly string[]
  /** How long jobs whose worker was killed waited for the other, ms; undefined where that, or the database, was away meanwhile. */
  readonly takenUpMs: readonly (number | undefined)[]
  /** All processes by SIGTERM; gives their exit codes. */
  stop(): Promise<readonly (number | null)[]>
}

/** Longest time that an engine is away, ms. */
const AWAY_MS = 700

export async function openCluster(): Promise<Cluster | { readonly missing: string }> {
  await using opened = new AsyncDisposableStack()
  const engines = await Promise.all([startPostgres({ own: true }), startRedis({ own: true }), startS3({ own: true })])
  for (const engine of engines) if ('stop' in engine) opened.defer(() => engine.stop())
  const missing = engines.flatMap((engine) => ('missing' in engine ? [engine.missing] : []))
  const [postgres, redis, store] = engines
  if ('missing' in postgres || 'missing' in redis || 'missing' in store) return { missing: missing.join('; ') }
  const data = mkdtempSync(join(tmpdir(), 'clarity-cluster-'))
  opened.defer(() => rmSync(data, { recursive: true }))
  const settings = {
    CLARITY_DATA: data,
    CLARITY_DOCUMENTS: await postgres.createDatabase(),
    CLARITY_BLOBS: store.url,
    CLARITY_CACHE: redis.url,
  }
  const open = () => openHouse(readConfig(settings))
  const token = await tokenOf(open)
  const ports = [await freePort(), await freePort()] as const
  const watch = watchLogs()
  const env = {
    ...settings,
    AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? '',
    AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? '',
  }
  const apis = ports.map((port) =>
    superviseMember({ role: 'api', env: { ...env, CLARITY_PORT: String(port) }, onLine: watch.reader().read }),
  )
  const workers = [0, 1].map(() => workerOf(env, watch))
  const members = [...apis, ...workers.map(({ member }) => member)]
  const stop = () => Promise.all(members.map((member) => member.stop()))
  opened.defer(async () => void (await stop()))
  const either = <T>(of: readonly T[], random: () => number) => of[Math.floor(random() * of.length)]
  const awhile = async (engine: { kill(): Promise<void>; start(): Promise<void> }, random: () => number) => {
    await engine.kill()
    await pause(random() * AWAY_MS)
    await engine.start()
  }
  const faults: Readonly<Record<FaultKind, (random: () => number) => Promise<void>>> = {
    api: async (random) => either(apis, random)?.kill(),
    worker: async () => {
      while (!workers.some(({ isBusy }) => isBusy())) await pause(1)
      const nowMs = performance.now()
      const left = workers.filter(({ member }) => member.isStarted).length
      await workers.find(({ isBusy }) => isBusy())?.kill()
      // What was lost before waits for the one that was killed now.
      watch.forget(left > 1 ? nowMs : Infinity)
    },
    redis: (random) => awhile(redis, random),
    async postgres(random) {
      await awhile(postgres, random)
      watch.forget()
    },
    store: (random) => awhile(store, random),
    async rolling(random) {
      const member = either(members, random)
      await member?.started()
      watch.forget()
      const code = await member?.restart()
      if (code !== 0) watch.faults.push(`told to end, a process ended with ${code}`)
    },
  }
  const held = opened.move()
  await Promise.all(members.map((member) => member.started()))
  return {
    apis: [`http://127.0.0.1:${ports[0]}`, `http://127.0.0.1:${ports[1]}`],
    token,
    openHouse: open,
    play: (kind, random) => faults[kind](random),
    settle: async () => void (await Promise.all(members.map((member) => member.started()))),
    faults: watch.faults,
    takenUpMs: watch.takenUpMs,
    stop,
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  }
}

async function tokenOf(open: () => Promise<House>): Promise<string> {
  await using house = await open()
  return (await makeKey(house, { kind: 'service' })).text
}

type Watch = ReturnType<typeof watchLogs>

interface Worker {
  readonly member: Member
  /** Whether it has a job, as its log tells. */
  isBusy(): boolean
  kill(): Promise<void>
}

function workerOf(env: Readonly<Record<string, string>>, watch: Watch): Worker {
  const reader = watch.reader()
  const member = superviseMember({ role: 'worker', env, onLine: reader.read })
  return {
    member,
    isBusy: reader.isBusy,
    async kill() {
      await member.kill()
      reader.lose()
    },
  }
}

function watchLogs() {
  const faults: string[] = []
  const takenUpMs: (number | undefined)[] = []
  const orphans = new Map<string, number | undefined>()

  function taken(jobId: string): void {
    const lostMs = orphans.get(jobId)
    if (orphans.delete(jobId)) takenUpMs.push(lostMs && performance.now() - lostMs)
  }

  function reader() {
    const held = new Set<string>()
    return {
      read(line: LogLine): void {
        const { level, event, jobId = '' } = line
        if (level === 'error') faults.push(JSON.stringify(line))
        if (event === 'ended') held.delete(jobId)
        if (event !== 'taken') return
        held.add(jobId)
        taken(jobId)
      },
      isBusy: () => held.size > 0,
      lose(): void {
        const nowMs = performance.now()
        for (const jobId of held) orphans.set(jobId, nowMs)
        held.clear()
      },
    }
  }

  /** Where nobody was there to take up jobs at once, how long they wait tells nothing. */
  function forget(lostBeforeMs = Infinity): void {
    for (const [jobId, lostMs = 0] of orphans) if (lostMs < lostBeforeMs) orphans.set(jobId, undefined)
  }

  return { faults, takenUpMs, reader, forget }
}
