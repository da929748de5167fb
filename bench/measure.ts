import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Cost {
  /** User and system time of the process and of those it waited for, seconds. */
  readonly cpuS: number
  readonly wallS: number
  /** Largest resident set, MB of 2^20 bytes, as the kernel had it shortly before the end. */
  readonly peakMB: number
  readonly stdout: string
}

/** Runs a command and says what it cost, by the account of the shell's `time`: the same for every language. */
export async function measure(command: string, args: readonly string[]): Promise<Cost> {
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%U %S %R"; time "$0" "$@"', command, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Compiled code is kept between runs, ours and the peers': the product does the same for itself.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'clarity-bench-cache') },
  })
  let stdout = ''
  let stderr = ''
  let peakMB = 0
  child.stdout.on('data', (text) => (stdout += text))
  child.stderr.on('data', (text) => (stderr += text))
  const watch = setInterval(() => {
    peakMB = Math.max(peakMB, peakOf(child.pid))
  }, 50)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(watch)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}: ${stderr.slice(-2000)}`)
  const [user = 0, system = 0, wallS = 0] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? []
  return { cpuS: user + system, wallS, peakMB, stdout }
}

/** VmHWM of the children of a shell; 0 where there is no /proc. */
function peakOf(pid: number | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
    return Math.max(
      ...children.map((child) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1] ?? 0) / 1024),
    )
  } catch {
    // The child has just ended, or there is no /proc here: the last reading stands.
    return 0
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? (sorted[middle] as number) : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}
