import { expect, test } from 'vitest'
import type { ClaimQuery, Documents, Stored, Write } from '../../src/ports/documents.ts'
import { expectProblem, put } from './expectations.ts'

interface Job {
  readonly status: string
  readonly priority: number
  readonly createdAt: string
  readonly worker?: string
}

const pending: ClaimQuery = { collection: 'jobs', index: 'queue', equals: ['pending'], limit: 3 }

export function claims(store: () => Documents): void {
  test('a claim takes the first of an index, changes them, and gives them back as they are now', async () => {
    await store().batch([job('a', 1, '1'), job('b', 5, '2'), job('c', 5, '1'), job('d', 0, '1'), job('e', 9, '9', 'failed')])
    const taken = await store().claim<Job>(pending, takenBy('w1'))
    expect(taken.map(({ path }) => path)).toEqual(['jobs/c', 'jobs/b', 'jobs/a'])
    for (const found of taken) {
      expect(found).toMatchObject({ version: 2, body: { status: 'processing', worker: 'w1' } })
      expect(await store().get(found.path)).toEqual(found)
    }
    expect((await store().claim<Job>(pending, takenBy('w2'))).map(({ path }) => path)).toEqual(['jobs/d'])
    expect(await store().claim<Job>(pending, takenBy('w3'))).toEqual([])
    expect(await store().get('jobs/e')).toMatchObject({ version: 1 })
  })

  test('what the change passes by stays as it was, and the claim looks further', async () => {
    await store().batch(Array.from({ length: 130 }, (_, n) => job(`j${n + 100}`, 0, String(n + 100))))
    const onlyLate = (found: Stored<Job>) => (found.body.createdAt < '215' ? undefined : takenBy('w')(found))
    expect((await store().claim(pending, onlyLate)).map(({ path }) => path)).toEqual(['jobs/j215', 'jobs/j216', 'jobs/j217'])
    expect(await store().get('jobs/j100')).toMatchObject({ version: 1 })
    expect((await store().claim({ ...pending, limit: 100 }, onlyLate)).length).toBe(12)
  })

  test('a claim that changes a place in the index takes each document once', async () => {
    await store().batch(['1', '2', '3'].map((n) => job(n, 0, n)))
    const later = ({ body }: Stored<Job>) => ({ ...body, createdAt: `${body.createdAt}-later` })
    const taken = await store().claim({ ...pending, limit: 100 }, later)
    expect(taken.map(({ path, version }) => [path, version])).toEqual([
      ['jobs/1', 2],
      ['jobs/2', 2],
      ['jobs/3', 2],
    ])
  })

  test('no two claimers take a document from the same version, and none is left over', async () => {
    const ids = Array.from({ length: 60 }, (_, n) => `j${n + 100}`)
    await store().batch(ids.map((id, n) => job(id, n % 3, String(n))))
    const claimers = Array.from({ length: 12 }, (_, n) => claimAll(store(), `w${n}`))
    const taken = (await Promise.all(claimers)).flat()
    expect(taken.map(({ path }) => path).sort()).toEqual(ids.map((id) => `jobs/${id}`))
    for (const { path, body } of taken) expect((await store().get<Job>(path))?.body.worker).toBe(body.worker)
  })

  test('the version is the fence: who lost its claim cannot write', async () => {
    await store().batch([job('a', 1, '1')])
    const [zombie] = await store().claim<Job>(pending, takenBy('zombie'))
    const [heir] = await store().claim<Job>({ ...pending, equals: ['processing'] }, takenBy('heir'))
    const done = (worker: string) => put('jobs/a', { status: 'completed', worker })
    await expectProblem('conflict', store().batch([{ ...done('zombie'), ifVersion: zombie?.version ?? 0 }]))
    await store().batch([{ ...done('heir'), ifVersion: heir?.version ?? 0 }])
    expect(await store().get('jobs/a')).toMatchObject({ version: 4, body: { worker: 'heir' } })
  })

  test('what the change throws comes out, and of that claim nothing more is taken', async () => {
    await store().batch([job('a', 1, '1')])
    const failing = () => {
      throw new TypeError('a bug')
    }
    await expect(store().claim(pending, failing)).rejects.toThrow(new TypeError('a bug'))
    expect(await store().get('jobs/a')).toMatchObject({ version: 1 })
    expect(await store().claim(pending, takenBy('w'))).toHaveLength(1)
  })

  test.each([0, 101, 1.5])('a claim of %d is refused', async (limit) => {
    await expectProblem('invalid', store().claim({ ...pending, limit }, takenBy('w')))
  })

  test('a claim by an unknown index is refused', async () => {
    await expectProblem('invalid', store().claim({ ...pending, index: 'nothing' }, takenBy('w')))
  })
}

function job(id: string, priority: number, createdAt: string, status = 'pending'): Write {
  return put(`jobs/${id}`, { status, priority, createdAt } satisfies Job)
}

function takenBy(worker: string): (found: Stored<Job>) => Job {
  return ({ body }) => ({ ...body, status: 'processing', worker })
}

/** Until an attempt finds nothing: another claimer may hold what is left, and takes it. */
export async function claimAll(documents: Documents, worker: string, limit = 3): Promise<Stored<Job>[]> {
  const taken: Stored<Job>[] = []
  for (;;) {
    const more = await documents.claim({ ...pending, limit }, takenBy(worker))
    if (more.length === 0) return taken
    taken.push(...(more as Stored<Job>[]))
  }
}
