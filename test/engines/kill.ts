import type { ChildProcess } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** SIGKILL to a server and the processes it started. It stands still meanwhile, so that it starts none that we do not see. */
export async function killWithChildren(server: ChildProcess): Promise<void> {
  const ended = endOf(server)
  server.kill('SIGSTOP')
  const children = childrenOf(server.pid)
  for (const child of children) process.kill(child, 'SIGKILL')
  server.kill('SIGKILL')
  await ended
  // The next server refuses to start while one of them still has the shared memory.
  while (children.some((child) => isRunning(statOf(child)))) await setImmediate()
}

export function endOf(server: ChildProcess): Promise<void> {
  return server.exitCode !== null || server.signalCode !== null
    ? Promise.resolve()
    : new Promise((resolve) => void server.once('exit', () => resolve()))
}

/** Elsewhere than on Linux none: there the processes end by themselves when they miss their postmaster. */
function childrenOf(pid: number | undefined): number[] {
  if (!existsSync('/proc/self/stat')) return []
  return readdirSync('/proc')
    .map(Number)
    .filter((child) => child > 0 && statOf(child).parent === pid)
}

interface Stat {
  /** As `R`, `S`, `Z`; '' when it is gone. */
  readonly state: string
  readonly parent: number
}

function isRunning({ state }: Stat): boolean {
  return state !== '' && state !== 'Z' && state !== 'X'
}

function statOf(pid: number): Stat {
  try {
    // The name, in brackets, may hold anything.
    const [state = '', parent] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return { state: '', parent: 0 }
  }
}
