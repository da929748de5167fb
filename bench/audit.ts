/**
 * What the audit log costs: `node bench/audit.ts [--seconds 6] [--rounds 5] [--entries 1000000] [--folder .] [--only ingest,verify]`. Sessions
 * with the log and without, in turn in one run, the sealing in the process that answers; and a log of a million entries verified from files.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { isSignedBy } from '../src/app/audit-signer.ts'
import { verifyAudit } from '../src/flows/verify-audit.ts'
import { digest, noteOf, sealing, signerOf } from '../test/audit/log.ts'
import { startPostgres } from '../test/engines/postgres.ts'
import { median } from './measure.ts'
import { load } from './work/load.ts'
import { sessionStream } from './work/session-stream.ts'

const { values: flags } = parseArgs({
  options: {
    seconds: { type: 'string', default: '6' },
    rounds: { type: 'string', default: '5' },
    entries: { type: 'string', default: '1000000' },
    folder: { type: 'string', default: '.' },
    only: { type: 'string', default: 'ingest,verify' },
  },
})
const seconds = Number(flags.seconds)
const folder = mkdtempSync(join(flags.folder, 'clarity-bench-'))
const people = Array.from({ length: 200 }, (_, at) => `u${at}`)

try {
  if (flags.only.includes('ingest')) {
    await ingest('sqlite', async () => [])
    const postgres = await startPostgres()
    if ('missing' in postgres) throw new Error(`This bench needs ${postgres.missing}`)
    await ingest('postgres', async () => [await postgres.createDatabase()])
    await postgres.stop()
  }
  if (flags.only.includes('verify')) await verify(Number(flags.entries))
} finally {
  rmSync(folder, { recursive: true })
}

interface Round {
  readonly rate: number
  readonly cpuMs: number
}

/** Sessions of 60 samples from 32 clients, and of 1,000 from 16. */
async function ingest(engine: string, place: () => Promise<string[]>): Promise<void> {
  for (const [samples, connections] of [
    [60, 32],
    [1000, 16],
  ] as const) {
    await using bare = await started('without', await place())
    await using audited = await started('with', await place())
    const sides = [bare, audited].map((side) => ({ ...side, next: sessionStream(samples, people, side.key) }))
    const rounds: Round[][] = []
    for (let round = 0; round <= Number(flags.rounds); round += 1) {
      const found: Round[] = []
      // In turn, each first as often as the other.
      for (const at of round % 2 === 0 ? [0, 1] : [1, 0]) {
        const side = sides[at]
        if (side === undefined) continue
        const before = cpuMsOf(side.pid)
        const { rate, ok, wrong } = await load({ url: side.url, connections, seconds, next: side.next })
        if (wrong > 0) throw new Error(`${wrong} answers are wrong`)
        found[at] = { rate, cpuMs: (cpuMsOf(side.pid) - before) / ok.count }
      }
      // The first is to warm up.
      if (round > 0) rounds.push(found)
    }
    const ratioOf = (figure: (of: Round) => number) => rounds.map(([one, other]) => (one && other ? figure(other) / figure(one) : 0))
    const list = (ratios: number[]) =>
      `${median(ratios).toFixed(2)} x (${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)})`
    const [one, other] = [0, 1].map((at) => median(rounds.map((row) => row[at]?.rate ?? 0)).toFixed(0))
    console.log(
      `${engine}, ${samples} samples, ${connections} clients: ${one}/s without, ${other}/s with the log: ${list(ratioOf(({ rate }) => rate))}`,
    )
    const [least, most] = [0, 1].map((at) => median(rounds.map((row) => row[at]?.cpuMs ?? 0)).toFixed(2))
    console.log(`  CPU: ${least} ms a session without, ${most} ms with: ${list(ratioOf(({ cpuMs }) => cpuMs))}`)
  }
}

async function started(audit: 'with' | 'without', documents: readonly string[]) {
  const data = mkdtempSync(join(folder, 'data-'))
  const child = spawn(process.execPath, [join(import.meta.dirname, 'work/audit-server.ts'), data, audit, ...documents], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(createInterface(child.stdout), 'line')
  return {
    ...(JSON.parse(line) as { readonly url: string; readonly key: string }),
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill()
      await once(child, 'exit')
    },
  }
}

/** User and system time so far, by /proc: in hundredths of a second. */
function cpuMsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

/** Of entries as they are exported, with a checkpoint for each thousand. */
async function verify(entries: number): Promise<void> {
  const signer = signerOf(1)
  const log = sealing(noteOf, entries, (size) => size % 1000 === 0, signer)
  const text = function* () {
    for (const line of log.lines) yield `${line}\n`
  }
  const file = join(folder, 'entries.ndjson')
  await pipeline(Readable.from(text()), createWriteStream(file))
  const { checkpoints, key } = log.signed()
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })
  const { user, system } = process.cpuUsage()
  const startMs = performance.now()
  const verdict = await verifyAudit({ digest, isSignedBy }, lines, checkpoints, key)
  const wallS = (performance.now() - startMs) / 1000
  const now = process.cpuUsage()
  const cpuS = (now.user + now.system - user - system) / 1e6
  console.log(
    `${JSON.stringify(verdict)}: ${entries.toLocaleString('en-US')} entries in ${wallS.toFixed(1)} s, ${cpuS.toFixed(1)} s of CPU`,
  )
}
