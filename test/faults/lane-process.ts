import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Places } from './stores.ts'

const program = fileURLToPath(import.meta.resolve('./lane-writer.ts'))

/** A step's end: undefined when the process went away without an answer. */
export type Answer = { readonly acknowledgedAt: bigint } | { readonly failed: string } | undefined

/** A process that writes, as its client sees it. */
export interface LaneProcess {
  readonly isAlive: boolean
  /** What it said when it ended by itself and not well. */
  readonly crash: string | undefined
  ask(lane: string, step: number): Promise<Answer>
  kill(): Promise<void>
  /** Lets it finish what is under way. */
  close(): Promise<void>
}

/** Resolves once both stores are open there. `failpoints` is a setting as of `failpointsOf`. */
export async function startLaneProcess({ documents, blobs }: Places, ...failpoints: readonly string[]): Promise<LaneProcess> {
  const child = spawn(process.execPath, [program, documents, blobs, ...failpoints], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH },
  })
  const waiting = new Map<string, (answer: Answer) => void>()
  const errors: Buffer[] = []
  child.stderr.on('data', (chunk) => errors.push(chunk))
  // What it can no longer read is a step without an answer.
  child.stdin.on('error', () => undefined)
  const ended = once(child, 'close')
  const opened = readAnswers(child, waiting)
  const said = await Promise.race([opened, ended.then(() => 'ended')])
  if (said === 'ended') throw new Error(`A writer did not open its stores: ${Buffer.concat(errors)}`)
  let isAlive = true
  void ended.then(() => {
    isAlive = false
    for (const settle of waiting.values()) settle(undefined)
  })

  return {
    get isAlive() {
      return isAlive
    },
    get crash() {
      return isAlive || child.exitCode === 0 || child.signalCode === 'SIGKILL' ? undefined : Buffer.concat(errors).toString()
    },
    ask(lane, step) {
      if (!isAlive) return Promise.resolve(undefined)
      return new Promise((resolve) => {
        waiting.set(`${lane} ${step}`, resolve)
        child.stdin.write(`${lane} ${step}\n`)
      })
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async close() {
      child.stdin.end()
      await ended
    },
  }
}

/** Resolves at the first line, `open`; from then on each answer goes to who waits for it. */
function readAnswers({ stdout }: ChildProcessByStdio<Writable, Readable, Readable>, waiting: Map<string, (answer: Answer) => void>) {
  return new Promise<string>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      if (line === 'open') return resolve(line)
      const [word, lane = '', step = '', said = ''] = line.split(' ')
      const settle = waiting.get(`${lane} ${step}`)
      waiting.delete(`${lane} ${step}`)
      settle?.(word === 'acknowledged' ? { acknowledgedAt: BigInt(said) } : { failed: said })
    })
  })
}
