import { Firestore, type Settings } from '@google-cloud/firestore'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { openFirestoreDocuments } from '../../src/adapters/documents/firestore.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { type FirestoreEmulator, startFirestore } from '../engines/firestore.ts'
import { lossyWire } from '../engines/lossy-wire.ts'
import { expectProblem, put } from './expectations.ts'

/** Many at once, and a store that falls silent. */
export function firestoreFailures(emulator: FirestoreEmulator): void {
  let url = ''
  let documents: Documents
  beforeEach(async () => {
    url = emulator.newUrl()
    documents = await openFirestoreDocuments(url, emulator.options)
  })
  afterEach(() => documents.close())

  test('of twenty increments at once, each repeated after a conflict, none is lost', async () => {
    await documents.batch([put('users/u1', { n: 0 })])
    await Promise.all(Array.from({ length: 20 }, () => increment(documents)))
    expect(await documents.get('users/u1')).toEqual({ path: 'users/u1', version: 21, body: { n: 20 } })
  })

  test('twenty puts at once without a condition are all made, whichever order their documents come in', async () => {
    const paths = ['users/u1', 'users/u2', 'users/u3']
    const batches = Array.from({ length: 20 }, (_, n) => (n % 2 ? paths : paths.toReversed()).map((path) => put(path, { n })))
    await Promise.all(batches.map((writes) => documents.batch(writes)))
    const all = await Promise.all(paths.map((path) => documents.get<{ n: number }>(path)))
    expect(all.map((found) => found?.version)).toEqual([20, 20, 20])
    expect(new Set(all.map((found) => found?.body.n)).size).toBe(1)
  })

  test('a commit whose answer was lost is known as made, and made once', async () => {
    const failing = await openLossy()
    await failing.batch([{ ...put('users/u1', { n: 1 }), ifAbsent: true }, put('users/u2', { n: 1 })])
    await failing.batch([{ ...put('users/u1', { n: 2 }), ifVersion: 1 }])
    await failing.batch([put('users/u1', { n: 3 })])
    await failing.batch([{ op: 'delete', path: 'users/u2' }])
    expect(await documents.get('users/u1')).toEqual({ path: 'users/u1', version: 3, body: { n: 3 } })
    expect(await documents.get('users/u2')).toBeUndefined()
  })

  test('a commit that was lost on its way is made at the next attempt', async () => {
    const failing = await openFailing(Object.assign(new Error('14 UNAVAILABLE'), { code: 14 }))
    await failing.batch([{ ...put('users/u1', { n: 1 }), ifAbsent: true }, put('users/u2', { n: 1 })])
    await failing.batch([put('users/u1', { n: 2 }), { op: 'delete', path: 'users/u2', ifVersion: 1 }])
    expect(await documents.get('users/u1')).toEqual({ path: 'users/u1', version: 2, body: { n: 2 } })
    expect(await documents.get('users/u2')).toBeUndefined()
  })

  test('what came between the look and the commit is not overwritten and not deleted', async () => {
    const came = { ...put('users/u1', { came: true }), ifAbsent: true } as const
    const late = await openInterrupted(emulator.host, () => documents.batch([came]))
    await expectProblem('conflict', late.batch([came, { op: 'delete', path: 'users/u1' }]))
    expect(await documents.get('users/u1')).toMatchObject({ version: 1, body: { came: true } })
  })

  test('where nobody can know whether a commit was made, the answer is unavailable and no conflict', async () => {
    await documents.batch([put('users/u1', {})])
    const failing = await openLossy()
    await expectProblem('unavailable', failing.batch([{ op: 'delete', path: 'users/u1', ifVersion: 1 }]))
  })

  test('what the client does not know is no failure of the store', async () => {
    const failing = await openFailing(new TypeError('a bug'))
    await expect(failing.batch([put('users/u1', {})])).rejects.toThrow(new TypeError('a bug'))
  })

  test('a store that stands still or is gone is unavailable to every call, and closing does not wait for it', async () => {
    const other = await startFirestore({ own: true })
    if ('missing' in other) throw new Error(other.missing)
    onTestFinished(other.stop)
    const warm = await openFirestoreDocuments(other.newUrl(), other.options)
    await warm.batch([put('users/u1', {})])
    await warm.close()
    const options = { ...other.options, patienceMs: 2000 }
    const [still, gone] = await Promise.all([other.newUrl(), other.newUrl()].map((name) => openFirestoreDocuments(name, options)))
    if (still === undefined || gone === undefined) throw new Error('Two were opened')
    await Promise.all([still, gone].map((store) => store.batch([put('users/u1', {})])))
    other.process?.kill('SIGSTOP')
    await expectUnavailable(still)
    await still.close()
    await other.stop()
    await expectUnavailable(gone)
    await gone.close()
  })

  test('a closed store says so', async () => {
    await documents.close()
    await expectUnavailable(documents)
  })

  test.each(['firestore:', 'firestore://', 'firestore://P', 'firestore://p/d/e', 'firestore://p?x', 'gs://p'])(
    'the name %j is refused',
    async (name) => {
      await expectProblem('invalid', openFirestoreDocuments(name, emulator.options))
    },
  )

  /** The answer to every second commit is lost on the wire. */
  async function openLossy(): Promise<Documents> {
    const wire = await lossyWire(emulator.host)
    onTestFinished(wire.stop)
    return openInterrupted(wire.host, wire.loseNextAnswer)
  }

  /** Every second commit fails before it is sent. */
  function openFailing(error: Error): Promise<Documents> {
    return openInterrupted(emulator.host, () => {
      throw error
    })
  }

  async function openInterrupted(host: string, interrupt: () => void | Promise<void>): Promise<Documents> {
    let commits = 0
    const connect = (settings: Settings) => {
      const client = new Firestore({ ...settings, host, ssl: false })
      const runTransaction: Firestore['runTransaction'] = async (fill, options) => {
        commits += 1
        if (commits % 2 === 1) await interrupt()
        return Firestore.prototype.runTransaction.call(client, fill, options) as ReturnType<typeof fill>
      }
      return Object.assign(client, { runTransaction })
    }
    const interrupted = await openFirestoreDocuments(url, { connect })
    onTestFinished(() => interrupted.close())
    return interrupted
  }
}

async function increment(documents: Documents): Promise<void> {
  for (;;) {
    const found = await documents.get<{ n: number }>('users/u1')
    if (found === undefined) throw new Error('It was put before')
    try {
      await documents.batch([{ ...put('users/u1', { n: found.body.n + 1 }), ifVersion: found.version }])
      return
    } catch (error) {
      expect(error).toMatchObject({ code: 'conflict' })
    }
  }
}

async function expectUnavailable(store: Documents): Promise<void> {
  await Promise.all([
    expectProblem('unavailable', store.get('users/u1')),
    expectProblem('unavailable', store.list({ collection: 'users', limit: 1 })),
    expectProblem('unavailable', store.batch([{ ...put('users/u2', {}), ifAbsent: true }])),
    expectProblem('unavailable', store.batch([put('users/u1', {})])),
    expectProblem(
      'unavailable',
      store.claim({ collection: 'jobs', index: 'queue', equals: ['pending'], limit: 1 }, ({ body }) => body as object),
    ),
  ])
}
