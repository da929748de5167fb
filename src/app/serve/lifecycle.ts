import { type Log, traceOf } from './log.ts'

/** Resolves with the exit code once the process is to end: 0 by SIGTERM or SIGINT, 1 by a fault that nobody caught. A second signal ends it at once. */
export function untilTold(log: Log): Promise<0 | 1> {
  const { promise, resolve } = Promise.withResolvers<0 | 1>()
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.once(signal, () => {
      log('info', 'stopping', { signal })
      resolve(0)
    })
  // After a fault anything may be half done: what was taken is answered, and the process ends.
  process.on('uncaughtException', (error) => {
    log('error', 'fault', traceOf(error))
    // Also where nobody waits for the code: before the server has started.
    process.exitCode = 1
    resolve(1)
  })
  return promise
}
