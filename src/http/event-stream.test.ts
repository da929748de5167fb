import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { SentEvent } from './call.ts'
import { eventStream } from './event-stream.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('an event has its id, its name and its data on one line each, and silence is broken every 15 s', async () => {
  const told = Promise.withResolvers<SentEvent>()
  const sent = eventStream(
    (async function* () {
      yield await told.promise
    })(),
  )
  expect((await sent.next()).value).toBe(': connected\n\n')
  const first = sent.next()
  await vi.advanceTimersByTimeAsync(15_000)
  expect((await first).value).toBe(': heartbeat\n\n')
  const second = sent.next()
  let isThere = false
  void second.then(() => {
    isThere = true
  })
  await vi.advanceTimersByTimeAsync(14_999)
  expect(isThere).toBe(false)
  told.resolve({ id: '7', event: 'day.updated', data: { id: '2024-01-20', text: 'a\nb' } })
  expect((await second).value).toBe('id: 7\nevent: day.updated\ndata: {"id":"2024-01-20","text":"a\\nb"}\n\n')
  expect(await sent.next()).toEqual({ done: true, value: undefined })
  expect(vi.getTimerCount()).toBe(0)
})
