/** A worker of its own process, for tests that kill it: `node worker-process.ts CONFIG`. It tells each event as a line. */
import { setTimeout } from 'node:timers/promises'
import { failpointsOf } from '../../src/adapters/failpoints.ts'
import type { Config } from '../../src/app/config.ts'
import { openHouse } from '../../src/app/house.ts'
import type { Task } from '../../src/worker/task.ts'
import { quickWorker } from './world.ts'

const { killAt, limitMs = 60_000, ...config } = JSON.parse(process.argv[2] ?? '{}') as Config & { killAt?: number; limitMs?: number }
const house = await openHouse({ ...config, ...(killAt !== undefined && { failpoint: failpointsOf(`*:kill@${killAt}`) }) })

/** Poison by the job's own word; any other is good. */
const poison: Readonly<Record<string, () => unknown>> = {
  throws: () => {
    throw new Error('poison')
  },
  loops: async () => {
    for (;;) await setTimeout(5)
  },
  allocates() {
    const held: unknown[] = []
    for (;;) held.push(new Array(1e5).fill(held.length))
  },
  dies: () => process.kill(process.pid, 'SIGKILL'),
}

const tried: Task = {
  async run({ job, documents }) {
    await poison[job.jobId.split('_')[0] ?? '']?.()
    const path = `users/${job.userId}`
    const { version = 0 } = (await documents.get(path)) ?? {}
    return { output: { version }, writes: [{ op: 'put', path, body: { by: job.jobId } }] }
  },
}

const worker = quickWorker(house, { tasks: { trends: tried }, times: { limitMs, leaseMs: 2000, heartbeatMs: 300 } })
process.once('SIGTERM', async () => {
  await worker.stop()
  await house[Symbol.asyncDispose]()
})
process.stdout.write('ready\n')
