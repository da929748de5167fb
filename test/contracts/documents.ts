import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Problem } from '../../src/model/problem.ts'
import type { Documents, ListQuery, Write } from '../../src/ports/documents.ts'
import { claims } from './documents-claims.ts'
import { listing, pages, texts } from './documents-lists.ts'
import { siblings } from './documents-siblings.ts'
import { expectProblem, put } from './expectations.ts'

export interface OpenedDocuments {
  /** Empty. */
  readonly documents: Documents
  /** Closes `documents` and opens the same store again. */
  reopen(): Promise<Documents>
  remove(): Promise<void>
}

/** What `ports/documents.ts` promises, asked of any adapter. Durability itself is shown in `test/faults`. */
export function documentsContract(name: string, open: () => Promise<OpenedDocuments>): void {
  describe(`${name} keeps the promises of documents`, () => {
    let opened: OpenedDocuments
    let documents: Documents
    beforeEach(async () => {
      opened = await open()
      documents = opened.documents
    })
    afterEach(() => opened.remove())
    const store = () => documents

    singleDocuments(store)
    siblings(store)
    batches(store)
    listing(store)
    pages(store)
    texts(store)
    claims(store)
    refusals(store)

    test('what was acknowledged is there after closing and opening again', async () => {
      await documents.batch([put('users/u1/days/2024-01-20', { steps: 14_079 }), put('models/actigraphy', { kind: 'x' })])
      documents = await opened.reopen()
      expect(await documents.get('users/u1/days/2024-01-20')).toEqual({
        path: 'users/u1/days/2024-01-20',
        version: 1,
        body: { steps: 14_079 },
      })
      expect(await documents.get('models/actigraphy')).toMatchObject({ version: 1 })
    })

    test('a call for one person has that person’s documents, and writes them', async () => {
      const ada = documents.actingFor('ada')
      await documents.batch([put('users/ada', { n: 1 })])
      await ada.batch([put('users/ada/days/d', { userId: 'ada', date: 'd' }), { ...put('users/ada', { n: 2 }), ifVersion: 1 }])
      expect(await ada.get('users/ada')).toEqual({ path: 'users/ada', version: 2, body: { n: 2 } })
      const days = await ada.list({ collection: 'days', parent: 'users/ada', index: 'userDate', equals: ['ada'], limit: 10 })
      expect(days.data.map(({ path }) => path)).toEqual(['users/ada/days/d'])
      await ada.batch([{ op: 'delete', path: 'users/ada/days/d' }])
      expect(await documents.get('users/ada/days/d')).toBeUndefined()
    })

    test('closing twice is no error', async () => {
      await documents.close()
      await documents.close()
    })
  })
}

function singleDocuments(store: () => Documents): void {
  test('a document comes back as it was put, with version 1, and each put raises the version', async () => {
    await store().batch([put('users/u1', { name: 'Ada', nested: { list: [1, null, 'x'] } })])
    expect(await store().get('users/u1')).toEqual({ path: 'users/u1', version: 1, body: { name: 'Ada', nested: { list: [1, null, 'x'] } } })
    await store().batch([put('users/u1', { name: 'Ada L.' })])
    expect(await store().get('users/u1')).toEqual({ path: 'users/u1', version: 2, body: { name: 'Ada L.' } })
  })

  test('an absent document is undefined', async () => {
    expect(await store().get('users/nobody')).toBeUndefined()
  })

  test('any JSON object survives the way there and back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ stringUnit: 'binary' })), async (body) => {
        await store().batch([put('users/u1', body)])
        expect((await store().get('users/u1'))?.body).toEqual(JSON.parse(JSON.stringify(body)))
      }),
      { numRuns: 60 },
    )
  })

  test('a body changed after the put does not change the document', async () => {
    const body = { steps: 1 }
    const done = store().batch([put('users/u1', body)])
    body.steps = 2
    await done
    expect((await store().get('users/u1'))?.body).toEqual({ steps: 1 })
  })

  test('ifAbsent takes the first put and refuses the second', async () => {
    await store().batch([{ ...put('users/u1', { first: true }), ifAbsent: true }])
    await expectProblem('conflict', store().batch([{ ...put('users/u1', { first: false }), ifAbsent: true }]))
    expect((await store().get('users/u1'))?.body).toEqual({ first: true })
  })

  test('ifVersion takes the present version and refuses any other, and an absent document', async () => {
    await store().batch([put('users/u1', { n: 1 })])
    await store().batch([{ ...put('users/u1', { n: 2 }), ifVersion: 1 }])
    await expectProblem('conflict', store().batch([{ ...put('users/u1', { n: 3 }), ifVersion: 1 }]))
    await expectProblem('conflict', store().batch([{ ...put('users/u2', { n: 1 }), ifVersion: 1 }]))
    expect(await store().get('users/u1')).toMatchObject({ version: 2, body: { n: 2 } })
    expect(await store().get('users/u2')).toBeUndefined()
  })

  test('a delete takes the document away, minds ifVersion, and is no error where nothing is', async () => {
    await store().batch([put('users/u1', {})])
    await expectProblem('conflict', store().batch([{ op: 'delete', path: 'users/u1', ifVersion: 2 }]))
    await store().batch([{ op: 'delete', path: 'users/u1', ifVersion: 1 }])
    expect(await store().get('users/u1')).toBeUndefined()
    await store().batch([{ op: 'delete', path: 'users/u1' }])
    await expectProblem('conflict', store().batch([{ op: 'delete', path: 'users/u1', ifVersion: 1 }]))
  })
}

function batches(store: () => Documents): void {
  test('a put unless the same is there takes effect where nothing is, or something else, and what says the same is there still', async () => {
    const said = { ...put('users/u1', { n: 1, list: ['\u0000', 'é'] }), unlessSame: true } as const
    await store().batch([said])
    expect(await store().get('users/u1')).toMatchObject({ version: 1, body: said.body })
    await store().batch([said, put('users/u2', {})])
    expect((await store().get('users/u1'))?.body).toEqual(said.body)
    expect(await store().get('users/u2')).toBeDefined()
    await store().batch([put('users/u1', { n: 2 }), said, { ...said, body: { n: 3 } }])
    expect((await store().get('users/u1'))?.body).toEqual({ n: 3 })
  })

  test('one failed precondition leaves nothing of the batch', async () => {
    await store().batch([put('users/u1', { old: true }), put('users/u3', { old: true })])
    const writes: Write[] = [put('users/u1', { old: false }), put('users/u2', {}), { op: 'delete', path: 'users/u3' }]
    await expectProblem('conflict', store().batch([...writes, { ...put('users/u1', {}), ifAbsent: true }]))
    expect(await store().get('users/u1')).toMatchObject({ version: 1, body: { old: true } })
    expect(await store().get('users/u2')).toBeUndefined()
    expect(await store().get('users/u3')).toBeDefined()
  })

  test('writes of one batch take effect in the order given', async () => {
    await store().batch([
      put('users/u1', { n: 1 }),
      { ...put('users/u1', { n: 2 }), ifVersion: 1 },
      { op: 'delete', path: 'users/u1' },
      put('users/u1', { n: 3 }),
    ])
    expect(await store().get('users/u1')).toMatchObject({ version: 1, body: { n: 3 } })
  })

  test('a delete of version 0 takes nothing away and expects that nothing is there, in a batch or alone', async () => {
    const nothing = { op: 'delete', path: 'users/u1', ifVersion: 0 } as const
    await store().batch([nothing, put('users/u2', {}), put('erasures/e1', {})])
    await store().batch([nothing])
    await store().batch([put('users/u1', { here: true })])
    await expectProblem('conflict', store().batch([nothing, put('users/u3', {})]))
    await expectProblem('conflict', store().batch([nothing]))
    expect(await store().get('users/u1')).toMatchObject({ version: 1, body: { here: true } })
    expect(await store().get('users/u3')).toBeUndefined()
    const full = Array.from({ length: 500 }, (_, n) => put(`users/full${n}`, {}))
    await store().batch([{ ...nothing, path: 'users/u4' }, ...full])
  })

  test('of who puts something at a gate and who expects nothing there, none misses the other', async () => {
    const late: number[] = []
    let isShut = false
    const writers = Array.from({ length: 8 }, async (_, lane) => {
      for (let n = 0; ; n++) {
        const isLate = isShut
        try {
          await store().batch([{ op: 'delete', path: 'erasures/e1', ifVersion: 0 }, put(`users/u1/days/${lane}-${n}`, {})])
        } catch (error) {
          expect(error).toMatchObject({ code: 'conflict' })
          return n
        }
        if (isLate) late.push(n)
      }
    })
    await expect.poll(async () => (await store().list({ collection: 'days', limit: 100 })).data.length).toBeGreaterThan(20)
    await store().batch([{ ...put('erasures/e1', {}), ifAbsent: true }])
    const count = async () => {
      let found = 0
      let cursor: string | undefined
      do {
        const page = await store().list({ collection: 'days', limit: 1000, ...(cursor !== undefined && { cursor }) })
        found += page.data.length
        cursor = page.nextCursor
      } while (cursor !== undefined)
      return found
    }
    isShut = true
    const standing = await count()
    await Promise.all(writers)
    expect([late, await count()]).toEqual([[], standing])
  })

  test('a batch holds up to 500 writes, and none is no error', async () => {
    const writes = Array.from({ length: 501 }, (_, n) => put(`users/u${n}`, { n }))
    await store().batch([])
    await expectProblem('invalid', store().batch(writes))
    expect(await store().get('users/u0')).toBeUndefined()
    await store().batch(writes.slice(0, 500))
    expect(await store().get('users/u499')).toBeDefined()
  })

  test('of many batches at once each is whole: a refused one harms none beside it', async () => {
    await store().batch([put('users/u0', {})])
    const batches = Array.from({ length: 20 }, (_, n) => [
      put(`users/u${n + 1}`, { n }),
      { ...put(n % 4 === 0 ? 'users/u0' : `users/v${n}`, { n }), ifAbsent: true } as const,
    ])
    const results = await Promise.allSettled(batches.map((batch) => store().batch(batch)))
    expect(results.map(({ status }) => status)).toEqual(batches.map((_, n) => (n % 4 === 0 ? 'rejected' : 'fulfilled')))
    for (const [n, [first]] of batches.entries()) {
      const found = await store().get(first?.path ?? '')
      expect(found === undefined).toBe(n % 4 === 0)
    }
    expect((await store().get('users/u0'))?.body).toEqual({})
  })

  test('twenty who raise a number by read and ifVersion, and try again, raise it by twenty', async () => {
    await store().batch([put('system/counter', { n: 0 })])
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        for (let isDone = false; !isDone; ) {
          const found = await store().get<{ n: number }>('system/counter')
          const raised = { ...put('system/counter', { n: (found?.body.n ?? 0) + 1 }), ifVersion: found?.version ?? 0 }
          isDone = await store()
            .batch([raised])
            .then(
              () => true,
              (error: unknown) => {
                expect(error).toMatchObject({ code: 'conflict' })
                return false
              },
            )
        }
      }),
    )
    expect(await store().get('system/counter')).toMatchObject({ version: 21, body: { n: 20 } })
  })

  test('batches at once that touch the same documents in other orders all succeed', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `u${n}`)
    const turned = (by: number) => ids.map((_, n) => ids[(n * 5 + by) % ids.length] ?? '')
    await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        store().batch(turned(n).map((id, at) => (at % 3 === 2 ? { op: 'delete', path: `users/${id}` } : put(`users/${id}`, { n })))),
      ),
    )
  })

  test('of two batches that create the same document one is refused', async () => {
    const results = await Promise.allSettled([1, 2].map((n) => store().batch([{ ...put('users/u1', { n }), ifAbsent: true }])))
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
}

function refusals(store: () => Documents): void {
  const badPaths = [
    '',
    'users',
    'users/',
    'users/u1/days',
    'users/../days/x',
    'users/u 1',
    'nothing/x',
    '/users/u1',
    `users/${'x'.repeat(129)}`,
    "users/u1'--",
  ]
  test.each(badPaths)('the path %j is refused by get and by put', async (path) => {
    await expectProblem('invalid_id', store().get(path))
    await expectProblem('invalid_id', store().batch([put('users/u1', {}), put(path, {})]))
    expect(await store().get('users/u1')).toBeUndefined()
  })

  test('a put cannot expect both absence and a version', async () => {
    await expectProblem('invalid', store().batch([{ ...put('users/u1', {}), ifAbsent: true, ifVersion: 1 }]))
  })

  const days = { collection: 'days', limit: 1 }
  const badQueries: readonly (readonly [string, ListQuery])[] = [
    ['an unknown collection', { collection: 'nights', limit: 1 }],
    ['an unknown index', { ...days, index: 'steps' }],
    ['a name of the language', { ...days, index: 'constructor' }],
    ['more values than fields', { ...days, index: 'date', equals: ['1', '2'] }],
    ['a range behind the last field', { ...days, index: 'date', equals: ['1'], from: '1' }],
    ['equals without an index', { ...days, parent: 'users/u1', equals: ['1'] }],
    ['a range of ids over all parents', { ...days, from: '1' }],
    ['a limit of 0', { ...days, limit: 0 }],
    ['a limit of 1.5', { ...days, limit: 1.5 }],
    ['a limit above 10,000', { ...days, limit: 10_001 }],
    ['a parent of a top collection', { collection: 'users', parent: 'users/u1', limit: 1 }],
    ['a parent of another kind', { ...days, parent: 'jobs/j1' }],
  ]
  test.each(badQueries)('%s is refused', async (_, query) => {
    await expect(store().list(query)).rejects.toThrow(Problem)
  })
}
