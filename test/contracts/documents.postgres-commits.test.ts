import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import type { Documents } from '../../src/ports/documents.ts'
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
  const mark = put('users/u0/dirtyDays/2026-01-01', { date: '2026-01-01' })
  const commits = () => reached.filter((name) => name === 'documents:committed').length

  test('they share few commits, and each is there', async () => {
    await Promise.all(Array.from({ length: 60 }, (_, n) => documents.batch([user(n), mark])))
    expect(commits()).toBeLessThanOrEqual(6)
    expect((await documents.list({ collection: 'users', limit: 500 })).data).toHaveLength(60)
    expect((await documents.get(mark.path))?.version).toBe(60)
  })

  test('one whose precondition fails harms none beside it', async () => {
    await documents.batch([user(100)])
    const batches = Array.from({ length: 20 }, (_, n) =>
      documents.batch([user(n), ...(n % 7 === 3 ? [{ ...user(100), ifVersion: 5 }] : [])]),
    )
    const refused = (await Promise.allSettled(batches)).map((each) => each.status === 'rejected' && each.reason.code)
    expect(refused).toEqual(Array.from({ length: 20 }, (_, n) => n % 7 === 3 && 'conflict'))
    const { data } = await documents.list<{ n: number }>({ collection: 'users', limit: 500 })
    expect(data).toHaveLength(18)
  })

  test('of those that make one document, one does', async () => {
    const batches = Array.from({ length: 12 }, (_, n) => documents.batch([{ ...put('users/same', { n }), ifAbsent: true }, user(n)]))
    const done = (await Promise.allSettled(batches)).flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
    expect(done).toHaveLength(1)
    expect((await documents.get('users/same'))?.body).toEqual({ n: done[0] })
    expect((await documents.list({ collection: 'users', limit: 500 })).data).toHaveLength(2)
  })

  test('of writes of one document each counts', async () => {
    const writes = Array.from({ length: 40 }, (_, n) => documents.batch([put('users/same', { n })]))
    await Promise.all(writes)
    const found = await documents.get<{ n: number }>('users/same')
    expect(found?.version).toBe(40)
  })
})
