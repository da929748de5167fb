import type { Firestore } from '@google-cloud/firestore'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openFirestoreDocuments } from '../../src/adapters/documents/firestore.ts'
import type { Documents } from '../../src/ports/documents.ts'
import type { FirestoreEmulator } from '../engines/firestore.ts'
import { expectProblem, put } from './expectations.ts'

/** How a body lies in Firestore, as other clients see it. */
export function firestoreBodies(emulator: FirestoreEmulator): void {
  let documents: Documents
  let client: Firestore
  beforeEach(async () => {
    const url = emulator.newUrl()
    documents = await openFirestoreDocuments(url, emulator.options)
    client = emulator.client(url)
  })
  afterEach(async () => {
    await documents.close()
    await client.terminate()
  })

  const rawOf = async (path: string) => (await client.doc(path).get()).data()
  const isText = async (path: string) => (await rawOf(path))?._store.json !== undefined

  test("another client finds a body's fields as the document's own", async () => {
    const body = { profile: { email: 'a@example.org' }, metadata: { createdAt: '2024-01-01T00:00:00.123456Z' }, goals: [{ steps: 9000 }] }
    await documents.batch([put('users/u1', body)])
    expect(await rawOf('users/u1')).toEqual({ ...body, _store: { version: 1, batch: expect.any(String), id: 'u1' } })
    const byEmail = client.collection('users').where('profile.email', '==', 'a@example.org').orderBy('metadata.createdAt', 'desc')
    expect((await byEmail.get()).docs.map(({ id }) => id)).toEqual(['u1'])
  })

  const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) })
  const asFields: Readonly<Record<string, object>> = {
    'an empty body': {},
    'arrays and maps in each other': { a: [{ b: [{ c: [] }] }], d: {} },
    'names with dots, spaces and signs': { 'a.b': 1, 'a b': 2, '$[0]': 3, "'": 4, _: 5, '💤': 6, __a: 7 },
    'control characters': { a: 'x\0y\u0001\r\n' },
    'numbers to the limits': { n: [5e-324, 1.7976931348623157e308, 2 ** 53, -(2 ** 53) - 2, 0.1 + 0.2, 1e21] },
    'twenty levels': nested(19),
  }
  test.each(Object.entries(asFields))('%s lies there field by field', async (_, body) => {
    await documents.batch([put('users/u1', body)])
    expect((await documents.get('users/u1'))?.body).toEqual(body)
    expect(await isText('users/u1')).toBe(false)
  })

  const asText: Readonly<Record<string, object>> = {
    'an array in an array': { a: [[1]] },
    'an empty name': { a: { '': 1 } },
    'a name that Firestore reserves': { a: [{ __x__: 1 }] },
    'a name with a control character': { '\r': [] },
    'a name that would be escaped': { 'a`b\\': 1 },
    'a name that every object has': { valueOf: [], constructor: 1 },
    'a prototype': JSON.parse('{"__proto__":{"a":1}}'),
    'our own name': { _store: { version: 9 } },
    'a lone surrogate': { a: 'x\ud800' },
    'a lone surrogate in a name': { '\udc00': 1 },
    'a very long name': { ['n'.repeat(1501)]: 1 },
    'fifty levels': nested(50),
    'too many values for the automatic indexes': { n: Array.from({ length: 20_000 }, (_, n) => n) },
    'a field of an index that is neither text nor number': { profile: { email: true } },
  }
  test.each(Object.entries(asText))('%s lies there as text, and in its indexes', async (_, odd) => {
    const body = { ...odd, metadata: { createdAt: '2024' } }
    await documents.batch([put('users/u1', body), put('users/u2', { ...body, profile: { email: 'a' } })])
    expect((await documents.get('users/u1'))?.body).toEqual(body)
    expect(await isText('users/u1')).toBe(true)
    const { data } = await documents.list({ collection: 'users', index: 'email', limit: 9 })
    expect(data.map(({ path }) => path)).toEqual(['users/u2'])
  })

  test('of what a put replaces no field stays, whichever way either lies there', async () => {
    const names = Object.fromEntries(
      ['a.b', '', '\r', '\0', '`', '\\', '\u2028', "'", '"', ' ', '[', '__a', 'valueOf', '💤', '\ud800'].map((name) => [name, []]),
    )
    const bodies: object[] = [{ a: 1, 'b.c': 2 }, { d: [[1]] }, { a: { b: 1 } }, names, { a: { c: 1 } }, {}, { d: [[2]] }, { 'b.c': 1 }]
    for (const name of Object.keys(names)) bodies.push({ [name]: name })
    for (const [n, body] of bodies.entries()) {
      await documents.batch([put('users/u1', body)])
      expect(await documents.get('users/u1')).toEqual({ path: 'users/u1', version: n + 1, body })
      if (!(await isText('users/u1')))
        expect(Object.keys((await rawOf('users/u1')) ?? {}).sort()).toEqual([...Object.keys(body), '_store'].sort())
    }
  })

  test('a document near 1 MiB is taken, a larger one is refused with all of its batch', async () => {
    const text = 'x'.repeat(1_040_000)
    await documents.batch([put('users/u1', { text })])
    expect((await documents.get('users/u1'))?.body).toEqual({ text })
    await expectProblem('invalid', documents.batch([put('users/u2', {}), put('users/u1', { text: [text, text] })]))
    await expectProblem('invalid', documents.batch([put('users/u2', {}), put('users/u1', { text: 'é'.repeat(600_000) })]))
    expect(await documents.get('users/u2')).toBeUndefined()
    expect(await documents.get('users/u1')).toMatchObject({ version: 1 })
  })

  test('a batch of more than 10 MiB is refused', async () => {
    const writes = Array.from({ length: 12 }, (_, n) => put(`users/u${n}`, { text: 'x'.repeat(1_000_000) }))
    await expectProblem('invalid', documents.batch(writes))
    expect(await documents.get('users/u0')).toBeUndefined()
  })

  test('a document that somebody else wrote is reported by its path', async () => {
    await client.doc('users/u1').set({ profile: {} })
    await expect(documents.get('users/u1')).rejects.toMatchObject({ code: 'storage_corrupt', message: expect.stringContaining('users/u1') })
  })

  test('a listener sees a write', async () => {
    await documents.batch([put('users/u1/days/2024-01-20', { date: '2024-01-20', steps: 1 })])
    const { promise, resolve } = Promise.withResolvers<unknown>()
    const stop = client.doc('users/u1/days/2024-01-20').onSnapshot((snapshot) => {
      if (snapshot.data()?._store.version === 2) resolve(snapshot.data())
    })
    await documents.batch([put('users/u1/days/2024-01-20', { date: '2024-01-20', steps: 2 })])
    expect(await promise).toMatchObject({ steps: 2 })
    stop()
  })
}
