import { afterEach, beforeEach, expect, test } from 'vitest'
import { expectProblem, put } from '../../test/contracts/expectations.ts'
import { aDay } from '../../test/fixtures/days.ts'
import { openSqliteDocuments } from '../adapters/documents/sqlite.ts'
import { openSqliteWarehouse } from '../adapters/warehouse/sqlite.ts'
import { userAnalyticsOf } from '../analysis/user-analytics.ts'
import type { Day } from '../model/day.ts'
import type { OutboxEntry } from '../model/outbox.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import { everyDate, type UserAnalytics } from '../model/user-analytics.ts'
import type { Documents, Stored } from '../ports/documents.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { all } from './every.ts'
import { drainOutbox, toOutbox } from './warehouse-outbox.ts'

const nowMs = Date.parse('2024-03-01T06:00:00Z')
const clock = { nowMs: () => nowMs }

let documents: Documents
let warehouse: Warehouse
beforeEach(async () => {
  documents = openSqliteDocuments('sqlite::memory:')
  warehouse = openSqliteWarehouse('sqlite::memory:')
  await documents.batch([put('users/u1', {})])
})
afterEach(async () => {
  await documents.close()
  await warehouse.close()
})

test('a row reaches the warehouse, and nothing waits any more', async () => {
  await keep(dayAt(0))
  expect(await waiting()).toHaveLength(1)
  expect(await rows()).toEqual([])
  expect(await drainOutbox({ documents, warehouse, clock })).toBe(1)
  expect(await rows()).toEqual([rowOf(dayAt(0))])
  expect(await waiting()).toEqual([])
  expect(await drainOutbox({ documents, warehouse, clock })).toBe(0)
})

test('a newer revision takes the place of one that still waits', async () => {
  await keep(dayAt(0))
  await keep(dayAt(0, 2))
  await keep(dayAt(0, 3))
  expect((await waiting()).map(({ body }) => body.row.revision)).toEqual([3])
  await drainOutbox({ documents, warehouse, clock })
  expect(await rows()).toEqual([rowOf(dayAt(0, 3))])
})

test('the oldest go first, however many wait', async () => {
  for (let at = 0; at <= 600; at += 1) await keep(dayAt(at), nowMs - at)
  let puts = 0
  const stopping = { ...warehouse, putAnalytics: (its: readonly UserAnalytics[]) => (puts++ === 1 ? down() : warehouse.putAnalytics(its)) }
  await expectProblem('unavailable', drainOutbox({ documents, warehouse: stopping, clock }))
  expect((await rows()).map(({ date }) => date)).toEqual(Array.from({ length: 250 }, (_, n) => dayAt(351 + n).date))
  expect(await drainOutbox({ documents, warehouse, clock })).toBe(351)
  expect(await rows()).toHaveLength(601)
})

test('while the warehouse is down everything waits, and the problem comes out', async () => {
  await keep(dayAt(0))
  await expectProblem('unavailable', drainOutbox({ documents, warehouse: { ...warehouse, putAnalytics: down }, clock }))
  await keep(dayAt(0, 2))
  await keep(dayAt(1))
  expect(await waiting()).toHaveLength(2)
  await drainOutbox({ documents, warehouse, clock })
  expect(await rows()).toEqual([rowOf(dayAt(0, 2)), rowOf(dayAt(1))])
})

// Each call of a drain over 3 entries of 1 person: list, put, get, batch, list.
const steps = [1, 2, 3, 4, 5].flatMap((nth) => (['before', 'after'] as const).map((when) => [when, nth] as const))

test.each(steps)(
  'stopped %s call %d of a drain, no day is without its row or its entry, and the next drain settles it',
  async (when, nth) => {
    for (let at = 0; at < 3; at += 1) await keep(dayAt(at))
    await drainOutbox({ documents, warehouse, clock })
    for (let at = 1; at < 4; at += 1) await keep(dayAt(at, at < 3 ? 2 : 1))
    await expect(drainOutbox({ ...stoppedAt(when, nth), clock })).rejects.toThrow('stopped')
    expect(await disagreements()).toEqual([])
    await keep(dayAt(2, 3))
    expect(await disagreements()).toEqual([])
    await drainOutbox({ documents, warehouse, clock })
    expect(await waiting()).toEqual([])
    expect(await rows()).toEqual([dayAt(0), dayAt(1, 2), dayAt(2, 3), dayAt(3)].map(rowOf))
  },
)

test('a replay of all that ever waited changes nothing', async () => {
  const sent: Stored<OutboxEntry>[] = []
  for (const revision of [1, 2, 3]) {
    for (let at = 0; at < 4; at += 1) await keep(dayAt(at, revision), nowMs + revision)
    sent.push(...(await waiting()))
    await drainOutbox({ documents, warehouse, clock })
  }
  const before = await rows()
  expect(before).toHaveLength(4)
  for (const order of [sent, [...sent].reverse()]) {
    for (const { path, body } of order) {
      await documents.batch([put(path, body)])
      await drainOutbox({ documents, warehouse, clock })
    }
  }
  await documents.batch(sent.map(({ path, body }) => put(path, body)))
  await drainOutbox({ documents, warehouse, clock })
  expect(await rows()).toEqual(before)
  expect(await waiting()).toEqual([])
})

test('two drains at once carry everything', async () => {
  const count = 1200
  for (let at = 0; at < count; at += 100)
    await documents.batch(Array.from({ length: 100 }, (_, n) => toOutbox(dayAt(at + n), nowMs)).flatMap((writes) => [...writes]))
  const carried = await Promise.all([drainOutbox({ documents, warehouse, clock }), drainOutbox({ documents, warehouse, clock })])
  expect(Math.max(...carried)).toBeLessThanOrEqual(count)
  expect(await rows()).toHaveLength(count)
  expect(await waiting()).toEqual([])
})

test('a drain that comes late takes no entry away that it has not carried', async () => {
  await keep(dayAt(0))
  let isFirst = true
  const late: Documents = {
    ...documents,
    async batch(writes) {
      if (isFirst) {
        isFirst = false
        // Meanwhile the others deliver the same, a newer revision comes, is delivered, and one more comes.
        await drainOutbox({ documents, warehouse, clock })
        await keep(dayAt(0, 2))
        await drainOutbox({ documents, warehouse, clock })
        await keep(dayAt(0, 3))
        await documents.batch(writes)
        expect((await waiting()).map(({ body }) => body.row.revision)).toEqual([3])
        return
      }
      await documents.batch(writes)
    },
  }
  await drainOutbox({ documents: late, warehouse, clock })
  expect(await rows()).toEqual([rowOf(dayAt(0, 3))])
})

test('who is erased while their rows are under way leaves none behind', async () => {
  await documents.batch([put('users/u2', {})])
  await keep(dayAt(0))
  await keep({ ...dayAt(0), userId: 'u2' })
  const erasing: Warehouse = {
    ...warehouse,
    async putAnalytics(its) {
      await documents.batch(
        ['users/u1', 'users/u1/days/2021-01-01', 'users/u1/outbox/2021-01-01_1'].map((path) => ({ op: 'delete', path })),
      )
      await warehouse.delete({ userId: 'u1', ...everyDate })
      await warehouse.putAnalytics(its)
    },
  }
  await drainOutbox({ documents, warehouse: erasing, clock })
  expect(await rows()).toEqual([])
  expect(await rows('u2')).toHaveLength(1)
})

function dayAt(at: number, revision = 1): Day {
  const date = Temporal.PlainDate.from('2021-01-01').add({ days: at }).toString()
  return aDay(date, { revision, steps: 1000 * revision + at })
}

/** As an analysis keeps a day. */
async function keep(day: Day, ms = nowMs): Promise<void> {
  await documents.batch([put(`users/${day.userId}/days/${day.date}`, day), ...toOutbox(day, ms)])
}

function rowOf(day: Day): UserAnalytics {
  return userAnalyticsOf(day, formatInstant(nowMs))
}

function rows(userId = 'u1'): Promise<readonly UserAnalytics[]> {
  return warehouse.analytics({ userId, ...everyDate })
}

function waiting(): Promise<Stored<OutboxEntry>[]> {
  return all<OutboxEntry>(documents, { collection: 'outbox', index: 'at' })
}

/** Days of which neither the warehouse has the row nor the outbox the entry. */
async function disagreements(): Promise<string[]> {
  const known = [...(await rows()), ...(await waiting()).map(({ body }) => body.row)].map((row) => JSON.stringify(row))
  const days = await all<Day>(documents, { collection: 'days', parent: 'users/u1' })
  return days.filter(({ body }) => !known.includes(JSON.stringify(rowOf(body)))).map(({ path }) => path)
}

async function down(): Promise<void> {
  throw new Problem('unavailable', 'The warehouse does not answer')
}

/** The stores as a process has them that dies just before or after the nth thing it asks of them. */
function stoppedAt(when: 'before' | 'after', nth: number): { readonly documents: Documents; readonly warehouse: Warehouse } {
  let calls = 0
  function stopping<Store extends object>(store: Store): Store {
    return new Proxy(store, {
      get(target, name) {
        const work: unknown = Reflect.get(target, name)
        if (typeof work !== 'function') return work
        return async (...given: unknown[]) => {
          calls += 1
          const isLast = calls === nth
          if (isLast && when === 'before') throw new Error('stopped')
          const result: unknown = await Reflect.apply(work, target, given)
          if (isLast) throw new Error('stopped')
          return result
        }
      },
    })
  }
  return { documents: stopping(documents), warehouse: stopping(warehouse) }
}
