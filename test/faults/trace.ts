import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { run } from './child.ts'

/** A system call; `start` and `end` are positions in one order over all threads. */
export interface Call {
  readonly name: string
  readonly text: string
  readonly start: number
  readonly end: number
}

const straceIsThere = run('strace', '--version')

/** Skips by name where strace is absent; in CI that is a failure. */
export function describeTraced(name: string, define: () => void): void {
  if (process.env.CI !== undefined) {
    test('strace is installed, as CI must have it (apt-get install strace)', () => {
      expect(straceIsThere).toBe(true)
    })
  }
  describe.skipIf(!straceIsThere)(straceIsThere ? name : `${name} (skipped: strace is not installed)`, define)
}

/** Reads what `strace -f -y` wrote; calls that failed are left out. */
export function readTrace(file: string): Call[] {
  const begun = new Map<string, { readonly text: string; readonly start: number }>()
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, at) => {
      const [, thread = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
      const unfinished = /^(.*) <unfinished \.\.\.>$/.exec(rest)?.[1]
      if (unfinished !== undefined) {
        begun.set(thread, { text: unfinished, start: at })
        return []
      }
      const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)?.[1]
      const { text, start } = resumed === undefined ? { text: '', start: at } : (begun.get(thread) ?? { text: '', start: at })
      return callOf(text + (resumed ?? rest), start, at)
    })
}

function callOf(text: string, start: number, end: number): Call[] {
  const name = /^(\w+)\(/.exec(text)?.[1]
  return name === undefined || / = -1 E/.test(text) ? [] : [{ name, text, start, end }]
}
