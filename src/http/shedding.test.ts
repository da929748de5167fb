import { expect, test, vi } from 'vitest'
import type { Endpoint } from '../api/endpoint.ts'
import { type Leave, makeShedding } from './shedding.ts'

const limits = { maxWorking: 10, maxQueued: 0, maxBegun: 100, maxInFlight: 20, maxDelayMs: 100 }
const base = { path: '/v1/x', summary: '', scope: 'sessions:read', problems: [], reply: { type: 'none', status: 204 } } as const
const ingest: Endpoint = { ...base, method: 'post', audit: 'write', body: { type: 'samples', maxBytes: 1 } }
const read: Endpoint = { ...base, method: 'get', audit: 'read' }
const exporting: Endpoint = { ...base, method: 'post', audit: 'export' }
const events: Endpoint = { ...base, method: 'get', audit: 'read', reply: { type: 'events', status: 200 } }

type Admit = ReturnType<typeof makeShedding>['admit']

/** Without a queue a call is begun at once or not at all. */
function begin(endpoint: Endpoint, admit: Admit): Leave {
  const leave = admit(endpoint)
  if (typeof leave !== 'function') throw new Error('It waits')
  return leave
}

function taken(endpoint: Endpoint, admit: Admit): boolean {
  try {
    begin(endpoint, admit)()
    return true
  } catch (error) {
    expect(error).toMatchObject({ name: 'Problem', code: 'overloaded' })
    return false
  }
}

test.each([
  [0, { exporting: true, read: true, ingest: true }],
  [4, { exporting: true, read: true, ingest: true }],
  [5, { exporting: false, read: true, ingest: true }],
  [8, { exporting: false, read: false, ingest: true }],
  [10, { exporting: false, read: false, ingest: false }],
])('with %i of 10 worked on, what can wait is refused first', (busy, expected) => {
  const { admit, inFlight, isFull } = makeShedding({ ...limits, maxWorking: 10 }, () => 0)
  for (let at = 0; at < busy; at += 1) begin(ingest, admit)
  expect(isFull()).toBe(!expected.ingest)
  expect({ exporting: taken(exporting, admit), read: taken(read, admit), ingest: taken(ingest, admit) }).toEqual(expected)
  expect(inFlight()).toBe(busy)
})

test('a late process refuses in the same order, and takes again what it can when it is not', () => {
  let delayMs = 80
  const { admit, isFull } = makeShedding({ ...limits, maxWorking: 4 }, () => delayMs)
  const leave = begin(ingest, admit)
  expect([exporting, read, ingest].map((endpoint) => taken(endpoint, admit))).toEqual([false, false, true])
  delayMs = 101
  expect([taken(ingest, admit), isFull()]).toEqual([false, true])
  delayMs = 10
  expect([exporting, read, ingest].map((endpoint) => taken(endpoint, admit))).toEqual([true, true, true])
  delayMs = 1000
  leave()
  // Nothing is worked on: it is not the calls that make it late.
  expect(taken(exporting, admit)).toBe(true)
})

test('event streams are not counted', () => {
  const { admit, inFlight } = makeShedding({ ...limits, maxWorking: 1 }, () => 0)
  for (let at = 0; at < 5; at += 1) begin(events, admit)
  expect(inFlight()).toBe(0)
})

test('a call that has been under way for long waits, and makes room for others up to a limit of its own', () => {
  let nowMs = 0
  const { admit, inFlight } = makeShedding(
    { ...limits, maxWorking: 2, maxInFlight: 5 },
    () => 0,
    () => nowMs,
  )
  const leave = [begin(ingest, admit), begin(ingest, admit)]
  expect(taken(ingest, admit)).toBe(false)
  nowMs = 501
  leave.push(begin(ingest, admit), begin(ingest, admit))
  expect(taken(ingest, admit)).toBe(false)
  nowMs = 1002
  begin(ingest, admit)
  expect([inFlight(), taken(ingest, admit)]).toEqual([5, false])
  for (const each of leave) each()
  expect([inFlight(), taken(ingest, admit)]).toEqual([1, true])
  // Whoever ended was counted once: one more is worked on beside the one that is.
  begin(ingest, admit)
  expect(taken(ingest, admit)).toBe(false)
})

test('a burst waits its turn, first come first served, and what is beyond it is refused at once', async () => {
  const { admit } = makeShedding({ ...limits, maxWorking: 2, maxQueued: 3 }, () => 0)
  const first = [begin(ingest, admit), begin(ingest, admit)]
  const begun: number[] = []
  const waiting = [0, 1, 2].map(async (at) => {
    const leave = await admit(ingest)
    begun.push(at)
    return leave
  })
  expect(() => admit(ingest)).toThrow(expect.objectContaining({ code: 'overloaded' }))
  await Promise.resolve()
  expect(begun).toEqual([])
  first[0]?.()
  const next = await waiting[0]
  expect(begun).toEqual([0])
  next?.()
  first[1]?.()
  await Promise.all(waiting)
  expect(begun).toEqual([0, 1, 2])
})

test('of a burst few are begun in one turn, in the order in which they came, and whoever comes goes behind those that wait', async () => {
  const { admit } = makeShedding({ ...limits, maxQueued: 10, maxBegun: 2 }, () => 0)
  const begun: number[] = []
  const come = async (at: number) => {
    await admit(ingest)
    begun.push(at)
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve))
  const all = [0, 1, 2, 3, 4].map(come)
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  await turn()
  expect(begun).toEqual([0, 1, 2, 3])
  all.push(come(5))
  await turn()
  expect(begun).toEqual([0, 1, 2, 3, 4, 5])
  await Promise.all([...all, turn()])
  expect(typeof admit(ingest)).toBe('function')
})

test('what waits does not wait for calls that wait themselves, also where nobody else comes', async () => {
  vi.useFakeTimers()
  try {
    let nowMs = 0
    const { admit } = makeShedding(
      { ...limits, maxWorking: 1, maxQueued: 1 },
      () => 0,
      () => nowMs,
    )
    begin(ingest, admit)
    const waiting = admit(ingest)
    nowMs = 501
    vi.advanceTimersByTime(501)
    expect(typeof (await waiting)).toBe('function')
  } finally {
    vi.useRealTimers()
  }
})
