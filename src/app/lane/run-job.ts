import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { TaskRun } from '../../worker/task.ts'
import { houseTasks } from '../../worker/tasks.ts'
import { openHouse } from '../house.ts'
import { type Ask, distantDocuments } from './distant-documents.ts'
import { errorIn, type LaneOrder, type Said, sentError, type Told } from './messages.ts'

/** The other thread, as one job sees it. */
interface Parent {
  readonly ask: Ask
  tell(told: Told): void
  /** Throws what the attempt was refused with. */
  check(): void
  /** Until what comes after the job's end may be done. */
  readonly afterwards: Promise<void>
}

/** One job in a house of its own, whose documents the parent has: where this file is the start of a thread. */
async function runJob(port: MessagePort, { config, type, job, traceparent }: LaneOrder): Promise<void> {
  const parent = speakTo(port)
  await using house = await openHouse(config, 'clarity serve', { kept: distantDocuments(parent.ask, 'store') })
  const task = houseTasks(house)[type]
  if (task === undefined) throw new Error(`There is no task for a job of type ${type}`)
  const run: TaskRun = {
    job,
    documents: distantDocuments(parent.ask, 'attempt'),
    log: (message) => parent.tell({ logged: message }),
    report(reached) {
      parent.check()
      parent.tell({ reached })
    },
  }
  const start = { kind: 'consumer', parent: traceparent, facts: {} } as const
  const { afterwards, ...result } = await house.tracer.span(`thread of job ${type}`, start, () => task.run(run))
  parent.tell({ result, hasMore: afterwards !== undefined })
  if (afterwards === undefined) return
  await parent.afterwards
  await afterwards()
}

function speakTo(port: MessagePort): Parent {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  const after = Promise.withResolvers<void>()
  let count = 0
  let refused: { readonly error: unknown } | undefined

  const tell = (told: Told) => port.postMessage(told)
  const check = () => {
    if (refused !== undefined) throw refused.error
  }
  port.on('message', (said: Said) => {
    if (said === 'afterwards') after.resolve()
    else if ('refused' in said) refused = { error: errorIn(said.refused) }
    else {
      const asked = waiting.get(said.answer)
      waiting.delete(said.answer)
      if ('error' in said) asked?.reject(errorIn(said.error))
      else asked?.resolve(said.value)
    }
  })
  return {
    async ask(side, actingFor, method, argument) {
      check()
      count += 1
      const asked = Promise.withResolvers<unknown>()
      waiting.set(count, asked)
      tell({ ask: count, side, actingFor, method, argument })
      return asked.promise
    },
    tell,
    check,
    afterwards: after.promise,
  }
}

if (parentPort !== null) {
  const port = parentPort
  const tell = (told: Told) => port.postMessage(told)
  runJob(port, workerData as LaneOrder)
    .then(
      () => tell({ ended: true }),
      (error: unknown) => tell({ failed: sentError(error) }),
    )
    .finally(() => port.close())
}
