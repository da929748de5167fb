import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { sessionBody } from '../../../test/http/session-bodies.ts'
import type { DrawnBy } from '../../flows/draw-session.ts'
import { drawBody } from '../../http/draw-body.ts'
import { newId, sha256 } from '../chance.ts'
import { type DrawingThread, openDrawingThread } from './drawing-thread.ts'
import { PLACE_BYTES, PLACES } from './orders.ts'

const by: DrawnBy = { userId: 'ada', zones: [{ fromMs: 0, zone: 'Europe/Berlin' }], handling: 'lenient', nowMs: Date.UTC(2026, 0, 1) }
const bodyOf = (id: string, samples = 1000) => Buffer.from(JSON.stringify(sessionBody(id, samples)))
const inPieces = (bytes: Uint8Array) => [bytes.subarray(0, 1000), bytes.subarray(1000)]

/** A thread that answers, the workers behind it, and what it died of. */
async function opened(program = new URL('./thread.js', import.meta.url)) {
  const workers: Worker[] = []
  const faults: unknown[] = []
  const start = (workerData: SharedArrayBuffer) => {
    const worker = new Worker(program, { workerData })
    workers.push(worker)
    return worker
  }
  const thread = openDrawingThread({ fault: (error) => faults.push(error), processors: 2, start })
  if (thread === undefined) throw new Error('There is a second processor')
  return { thread, workers, faults, [Symbol.asyncDispose]: () => thread.end() }
}

const wanted = bodyOf('s')

/** Until it can be asked. */
async function answering({ drawBeside }: DrawingThread) {
  await expect.poll(() => drawBeside([wanted]) !== undefined, { timeout: 20_000 }).toBe(true)
}

function ask({ drawBeside }: DrawingThread, bytes: Uint8Array) {
  const draw = drawBeside(inPieces(bytes))
  if (draw === undefined) throw new Error('It has enough to do')
  return draw(by)
}

test('many bodies at once are each drawn up as they are here, and one that is refused is left to this thread', async () => {
  await using open = await opened()
  await answering(open.thread)
  const bodies = Array.from({ length: PLACES - 1 }, (_, at) => bodyOf(`s${at}`, 300 + at))
  const drawn = await Promise.all([...bodies, Buffer.alloc(20_000, '{')].map((body) => ask(open.thread, body)))
  expect(drawn).toEqual([...bodies.map((body) => drawBody({ newId, sha256 }, body, by)), undefined])
  expect(drawn[3]?.session.sessionId).toBe('s3')
  expect(open.workers).toHaveLength(1)
})

test('short and long bodies are not handed over, nor more at once than there are places', async () => {
  await using open = await opened()
  const { thread } = open
  await answering(thread)
  expect(thread.drawBeside([Buffer.alloc(1000)])).toBeUndefined()
  expect(thread.drawBeside([Buffer.alloc(PLACE_BYTES + 1)])).toBeUndefined()
  const under = Array.from({ length: PLACES }, () => ask(thread, wanted))
  expect(thread.drawBeside([wanted])).toBeUndefined()
  expect((await Promise.all(under)).every((drawn) => drawn !== undefined)).toBe(true)
  expect(await ask(thread, wanted)).toBeDefined()
})

test('while it begins, and once it ended, everything is left to this thread', async () => {
  await using open = await opened()
  const { thread } = open
  expect(thread.drawBeside([wanted])).toBeUndefined()
  await answering(thread)
  const under = ask(thread, wanted)
  await Promise.all([thread.end(), under])
  expect(thread.drawBeside([wanted])).toBeUndefined()
  expect(open.workers).toHaveLength(1)
})

test('what it was asked when it died is left to this thread, and it is begun again', async () => {
  await using open = await opened()
  await answering(open.thread)
  const under = Array.from({ length: PLACES }, () => ask(open.thread, wanted))
  await open.workers[0]?.terminate()
  expect((await Promise.all(under)).length).toBe(PLACES)
  await answering(open.thread)
  expect(open.workers).toHaveLength(2)
  expect(await Promise.all(Array.from({ length: PLACES }, () => ask(open.thread, wanted)))).not.toContain(undefined)
})

test('one that cannot begin is told of, and not begun again', async () => {
  await using open = await opened(new URL('data:text/javascript,throw new Error("no")'))
  expect(open.thread.drawBeside([wanted])).toBeUndefined()
  await expect.poll(() => open.faults, { timeout: 20_000 }).toEqual([expect.objectContaining({ message: 'no' })])
  await open.workers[0]?.terminate()
  expect(open.thread.drawBeside([wanted])).toBeUndefined()
  expect(open.workers).toHaveLength(1)
})

test('on one processor there is none', () => {
  expect(openDrawingThread({ fault: () => undefined, processors: 1 })).toBeUndefined()
})
