import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import type { Documents, Write } from '../../src/ports/documents.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { put } from './expectations.ts'

describeEngine('batches that PostgreSQL is sent at once', await startPostgres(), (server) => {
  let documents: Documents
  let reached: string[] = []
  const failpoint = (name: string) => {
    reached.push(name)
  }
  beforeEach(async () => {
    documents = await openPostgresDocuments(await server.createDatabase(), { failpoint })
    reached = []
  })
  afterEach(() => documents.close())
  afterAll(() => server.stop())

  const user = (n: number) => put(`users/u${n}`, { n })
  const mark = (n: number) => put(`users/u${n}/dirtyDays/2026-01-01`, { date: '2026-01-01' })
  const job = (n: number) => put(`jobs/j${n}`, { userId: `u${n}`, status: 'pending' })
  const commits = () => reached.filter((name) => name === 'documents:committed').length
  const batchFor = (n: number, writes: readonly Write[]) => documents.actingFor(`u${n}`).batch(writes)
  const users = async () => (await documents.list({ collection: 'users', limit: 500 })).data

  test('those for many people share few commits, and each is there', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, n) => batchFor(n % 30, [user(n % 30), mark(n % 30), job(n % 30)])))
    expect(commits()).toBeLessThanOrEqual(6)
    expect(await users()).toHaveLength(30)
    const marks = await Promise.all([0, 29].map((n) => documents.get(mark(n).path)))
    expect(marks.map((found) => found?.version)).toEqual([2, 2])
  })

  test('one whose precondition fails harms none beside it', async () => {
    const batches = Array.from({ length: 20 }, (_, n) => batchFor(n, [user(n), ...(n % 7 === 3 ? [{ ...mark(n), ifVersion: 5 }] : [])]))
    const refused = (await Promise.allSettled(batches)).map((each) => each.status === 'rejected' && each.reason.code)
    expect(refused).toEqual(Array.from({ length: 20 }, (_, n) => n % 7 === 3 && 'conflict'))
    expect(await users()).toHaveLength(17)
  })

  test('one that would write what is another’s is refused as a mistake of ours, and harms none beside it', async () => {
    const batches = Array.from({ length: 12 }, (_, n) => batchFor(n, [user(n), ...(n === 5 ? [mark(6)] : [])]))
    const done = (await Promise.allSettled(batches)).flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
    expect(done).toEqual([0, 1, 2, 3, 4, 6, 7, 8, 9, 10, 11])
    expect([(await users()).length, await documents.get(mark(6).path)]).toEqual([11, undefined])
  })

  test('of those that make one document, one does', async () => {
    const batches = Array.from({ length: 12 }, (_, n) => batchFor(1, [{ ...user(1), body: { n }, ifAbsent: true }, job(1)]))
    const done = (await Promise.allSettled(batches)).flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
    expect(done).toHaveLength(1)
    expect(await users()).toMatchObject([{ body: { n: done[0] }, version: 1 }])
  })

  test('of writes of one document each counts', async () => {
    await Promise.all(Array.from({ length: 40 }, () => batchFor(1, [user(1)])))
    expect(await users()).toMatchObject([{ version: 40 }])
  })
})
