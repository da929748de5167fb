import { expect, test } from 'vitest'
import type { Endpoint } from '../api/endpoint.ts'
import { makeShedding } from './shedding.ts'

const limits = { maxWorking: 10, maxInFlight: 20, maxDelayMs: 100 }
const base = { path: '/v1/x', summary: '', scope: 'sessions:read', problems: [], reply: { type: 'none', status: 204 } } as const
const ingest: Endpoint = { ...base, method: 'post', audit: 'write', body: { type: 'samples', maxBytes: 1 } }
const read: Endpoint = { ...base, method: 'get', audit: 'read' }
const exporting: Endpoint = { ...base, method: 'post', audit: 'export' }
const events: Endpoint = { ...base, method: 'get', audit: 'read', reply: { type: 'events', status: 200 } }

function taken(endpoint: Endpoint, admit: (endpoint: Endpoint) => () => void): boolean {
  try {
    admit(endpoint)()
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
  const { admit, inFlight } = makeShedding({ ...limits, maxWorking: 10 }, () => 0)
  for (let at = 0; at < busy; at += 1) admit(ingest)
  expect({ exporting: taken(exporting, admit), read: taken(read, admit), ingest: taken(ingest, admit) }).toEqual(expected)
  expect(inFlight()).toBe(busy)
})

test('a late process refuses in the same order, and takes again what it can when it is not', () => {
  let delayMs = 80
  const { admit } = makeShedding({ ...limits, maxWorking: 4 }, () => delayMs)
  const leave = admit(ingest)
  expect([exporting, read, ingest].map((endpoint) => taken(endpoint, admit))).toEqual([false, false, true])
  delayMs = 101
  expect(taken(ingest, admit)).toBe(false)
  delayMs = 10
  expect([exporting, read, ingest].map((endpoint) => taken(endpoint, admit))).toEqual([true, true, true])
  delayMs = 1000
  leave()
  // Nothing is worked on: it is not the calls that make it late.
  expect(taken(exporting, admit)).toBe(true)
})

test('event streams are not counted', () => {
  const { admit, inFlight } = makeShedding({ ...limits, maxWorking: 1 }, () => 0)
  for (let at = 0; at < 5; at += 1) admit(events)
  expect(inFlight()).toBe(0)
})

test('a call that has been under way for long waits, and makes room for others up to a limit of its own', () => {
  let nowMs = 0
  const { admit, inFlight } = makeShedding(
    { ...limits, maxWorking: 2, maxInFlight: 5 },
    () => 0,
    () => nowMs,
  )
  const leave = [admit(ingest), admit(ingest)]
  expect(taken(ingest, admit)).toBe(false)
  nowMs = 501
  leave.push(admit(ingest), admit(ingest))
  expect(taken(ingest, admit)).toBe(false)
  nowMs = 1002
  admit(ingest)
  expect([inFlight(), taken(ingest, admit)]).toEqual([5, false])
  for (const each of leave) each()
  expect([inFlight(), taken(ingest, admit)]).toEqual([1, true])
  // Whoever ended was counted once: one more is worked on beside the one that is.
  admit(ingest)
  expect(taken(ingest, admit)).toBe(false)
})
