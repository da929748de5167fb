import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { openPostgres } from '../../src/adapters/postgres/pool.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { expectProblem, put } from './expectations.ts'
import { endConnections, someoneWaits } from './postgres-waits.ts'

// The server's own watch for deadlocks is set below our time to wait for a lock, which a default server's equals.
describeEngine('faults of PostgreSQL', await startPostgres({ own: true, settings: ['deadlock_timeout=50ms'] }), (server) => {
  afterAll(() => server.stop())
  let url = ''
  let documents: Documents
  let other: Client
  beforeEach(async () => {
    url = await server.createDatabase()
    documents = await openPostgresDocuments(url)
    await documents.batch([put('users/a', { n: 1 }), put('users/b', { n: 1 })])
    other = new Client({ connectionString: url })
    other.on('error', () => undefined)
    await other.connect()
  })
  afterEach(async () => {
    await other.end()
    await documents.close()
  })

  const both = [put('users/a', { n: 2 }), { ...put('users/b', { n: 2 }), ifVersion: 1 }]
  const terminated = (state: string) => endConnections(other, state)

  test('connections that the server ends while they rest are replaced without a word', async () => {
    await Promise.all(Array.from({ length: 5 }, () => documents.get('users/a')))
    await terminated('idle')
    expect(await documents.get('users/a')).toMatchObject({ version: 1 })
    await documents.batch([put('users/a', { n: 2 })])
    expect(await documents.get('users/a')).toMatchObject({ version: 2 })
  })

  test('a connection that ends within a batch makes it unavailable, and nothing of it is there', async () => {
    await other.query('BEGIN')
    await other.query(`SELECT 1 FROM documents."users" WHERE id = 'b' FOR UPDATE`)
    const written = documents.batch(both)
    const refused = expectProblem('unavailable', written)
    await someoneWaits(other)
    await terminated('active')
    await refused
    await other.query('ROLLBACK')
    expect(await documents.get('users/a')).toMatchObject({ version: 1 })
    await documents.batch(both)
  })

  test('a lock that another holds is waited for no longer than a second; reads and other documents go on', async () => {
    await other.query('BEGIN')
    await other.query(`SELECT 1 FROM documents."users" WHERE id = 'b' FOR UPDATE`)
    const refused = expectProblem('unavailable', documents.batch(both))
    expect(await documents.get('users/b')).toMatchObject({ version: 1 })
    await documents.batch([put('users/c', {})])
    await refused
    expect(await documents.get('users/a')).toMatchObject({ version: 1 })
    await other.query('ROLLBACK')
    await documents.batch(both)
  })

  test('a deadlock with a foreign writer is tried again and ends well', async () => {
    await other.query(`SET deadlock_timeout = '10s'`)
    await other.query('BEGIN')
    await other.query(`SELECT 1 FROM documents."users" WHERE id = 'b' FOR UPDATE`)
    const written = documents.batch(both)
    await someoneWaits(other)
    // Waits for the batch, which holds it and waits for ours: the server ends the batch's turn, and this one goes on.
    await other.query(`SELECT 1 FROM documents."users" WHERE id = 'a' FOR UPDATE`)
    await other.query('COMMIT')
    await written
    expect(await documents.get('users/b')).toMatchObject({ version: 2 })
  })

  test('a server that is killed makes every call unavailable, and is used again when it is back', async () => {
    await documents.batch([put('users/a', { n: 7 })])
    await server.kill()
    await expectProblem('unavailable', documents.get('users/a'))
    await expectProblem('unavailable', documents.batch([put('users/a', { n: 8 })]))
    await expectProblem('unavailable', openPostgresDocuments(url))
    await server.start()
    expect(await documents.get('users/a')).toMatchObject({ version: 2, body: { n: 7 } })
    await documents.batch(both)
  })

  test('a commit whose answer is lost is unavailable, and is there wholly', async () => {
    await using proxy = await losingAnswersTo('COMMIT', Number(new URL(url).port))
    const through = new URL(url)
    through.port = String(proxy.port)
    await using lossy = await openPostgresDocuments(through.href)
    await expectProblem('unavailable', lossy.batch(both))
    expect(await documents.get('users/a')).toMatchObject({ version: 2, body: { n: 2 } })
    expect(await documents.get('users/b')).toMatchObject({ version: 2, body: { n: 2 } })
    await expectProblem('conflict', documents.batch(both))
  })

  test('commits are synchronous though the database says otherwise, and a stricter setting stays', async () => {
    const levelIn = async () => {
      await using postgres = await openPostgres(url)
      const { rows } = await postgres.ask({ text: `SELECT current_setting('synchronous_commit') AS level` })
      return rows[0]?.level
    }
    const name = new URL(url).pathname.slice(1)
    for (const level of ['off', 'local', 'on']) {
      await other.query(`ALTER DATABASE ${name} SET synchronous_commit = ${level}`)
      expect(await levelIn()).toBe('on')
    }
    await other.query(`ALTER DATABASE ${name} SET synchronous_commit = remote_apply`)
    expect(await levelIn()).toBe('remote_apply')
  })

  test('who may not connect, and what is not there, is said without the password', async () => {
    const wrong = new URL(url)
    wrong.pathname = '/nothing'
    wrong.password = 'secret-word'
    const error = await openPostgresDocuments(wrong.href).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'unavailable', message: 'PostgreSQL has no such database' })
    expect(JSON.stringify([error, (error as Error).cause])).not.toContain('secret-word')
  })

  test('a database in another encoding is refused', async () => {
    await other.query(`CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'`)
    const latin = new URL(url)
    latin.pathname = '/latin'
    await expectProblem('unavailable', openPostgresDocuments(latin.href))
  })
})

/** A way to the server that breaks once a message with `word` has been answered, and keeps the answer. */
async function losingAnswersTo(word: string, port: number): Promise<{ readonly port: number } & AsyncDisposable> {
  const sockets = new Set<Socket>()
  const proxy = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    let isLost = false
    for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined))
    client.on('data', (chunk) => {
      isLost ||= chunk.includes(word)
      upstream.write(chunk)
    })
    upstream.on('data', (chunk) => (isLost ? client.destroy() : client.write(chunk)))
    client.on('close', () => upstream.destroy())
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  const address = proxy.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      proxy.close()
    },
  }
}
