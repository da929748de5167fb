import { type LogLevel, logLevels } from '../config.ts'

/** Ids, codes, counts and times: nothing that was measured, and no text that somebody sent. */
export type Facts = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  (level: LogLevel, event: string, facts?: Facts): void
  /** Writes what waits. */
  flush(): void
}

/** One JSON line an event, from `least` on. The lines of one turn of the event loop are one write. */
export function openLog(least: LogLevel, write: (text: string) => void, nowMs: () => number = Date.now): Log {
  let waiting: string[] = []
  const flush = () => {
    const text = waiting.join('')
    waiting = []
    if (text !== '') write(text)
  }
  const log = (level: LogLevel, event: string, facts: Facts = {}) => {
    if (logLevels.indexOf(level) < logLevels.indexOf(least)) return
    if (waiting.length === 0) setImmediate(flush)
    waiting.push(`${JSON.stringify({ at: new Date(nowMs()).toISOString(), level, event, ...facts })}\n`)
  }
  return Object.assign(log, { flush })
}

/** Where an error came from, without its sentence: that may quote what somebody sent. */
export function traceOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { error: typeof error }
  const { name, stack = '', cause } = error
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const within = cause === undefined ? undefined : JSON.stringify(traceOf(cause))
  return { error: name, code, stack: frames.map((line) => line.trim()).join('; '), cause: within }
}
