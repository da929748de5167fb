import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'

const program = join(import.meta.dirname, '../../src/app/cli.js')

/** A line of a member's log. */
export interface LogLine {
  readonly level: string
  readonly event: string
  readonly jobId?: string
}

export interface MemberOptions {
  readonly role: 'api' | 'worker'
  readonly env: Readonly<Record<string, string>>
  readonly onLine: (line: LogLine) => void
}

/** `clarity serve` in a process of its own that is started again whenever it ends, as a supervisor would. */
export interface Member {
  readonly isStarted: boolean
  /** Resolves once the process that runs now, or the one that comes, has started. */
  started(): Promise<void>
  kill(): Promise<void>
  /** SIGTERM; the next one starts. Gives the exit code. */
  restart(): Promise<number | null>
  /** SIGTERM, for good. Gives the exit code. */
  stop(): Promise<number | null>
}

export function superviseMember({ role, env, onLine }: MemberOptions): Member {
  let isOver = false
  let isStarted = false
  let starting = Promise.withResolvers<void>()
  let child = launch()

  function launch(): ChildProcess {
    const made = spawn(process.execPath, [program, 'serve', '--json', '--role', role], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    createInterface({ input: made.stderr }).on('line', (text) => {
      // Other lines say why a process could not start: it tries again.
      if (!text.startsWith('{')) return
      const line = JSON.parse(text) as LogLine
      if (line.event === 'started') {
        isStarted = true
        starting.resolve()
      }
      onLine(line)
    })
    made.once('exit', () => {
      if (isOver) return starting.resolve()
      if (isStarted) starting = Promise.withResolvers()
      isStarted = false
      void pause(100).then(() => {
        if (!isOver) child = launch()
      })
    })
    return made
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
    const ended = once(child, 'exit')
    child.kill(signal)
    const [code] = (await ended) as (number | null)[]
    return code ?? null
  }

  const killAtExit = () => child.kill('SIGKILL')
  process.on('exit', killAtExit)
  return {
    get isStarted() {
      return isStarted
    },
    started: () => starting.promise,
    async kill() {
      await end('SIGKILL')
    },
    restart: () => end('SIGTERM'),
    async stop() {
      isOver = true
      process.off('exit', killAtExit)
      return await end('SIGTERM')
    },
  }
}
