import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

/** A system call; `start` and `end` are positions in one order over all threads. */
export interface Call {
  readonly name: string
  readonly text: string
  readonly start: number
  readonly end: number
}

export const straceIsThere = spawnSync('strace', ['--version']).status === 0

/** Skips by name where strace is absent; in CI that is a failure. */
export function describeTraced(name: string, define: () => void): void {
  if (process.env['CI'] !== undefined) {
    test('strace is installed, as CI must have it (apt-get install strace)', () => {
      expect(straceIsThere).toBe(true)
    })
  }
  describe.skipIf(!straceIsThere)(straceIsThere ? name : `${name} (skipped: strace is not installed)`, define)
}

/** Reads what `strace -f -y` wrote; calls that failed are left out. */
export function readTrace(file: string): Call[] {
  const calls: Call[] = []
  const unfinished = new Map<string, { text: string; start: number }>()
  for (const [at, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const begun = /^(.*) <unfinished \.\.\.>$/.exec(rest)
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    if (begun !== null) {
      unfinished.set(thread, { text: begun[1] ?? '', start: at })
      continue
    }
    const head = resumed === null ? undefined : unfinished.get(thread)
    const text = (head?.text ?? '') + (resumed?.[1] ?? rest)
    const name = /^(\w+)\(/.exec(text)?.[1]
    if (name !== undefined && !/ = -1 E/.test(text)) calls.push({ name, text, start: head?.start ?? at, end: at })
  }
  return calls
}
