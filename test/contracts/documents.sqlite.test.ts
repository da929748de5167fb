import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { documentsContract } from './documents.ts'
import { claimAll } from './documents-claims.ts'
import { expectProblem, put } from './expectations.ts'

for (const [name, options] of [
  ['sqlite in a file', {}],
  ['sqlite in a file, written by a thread', { isBusy: true }],
] as const)
  documentsContract(name, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'clarity-documents-'))
    const url = `sqlite:${join(folder, 'store.db')}`
    let documents = openSqliteDocuments(url, options)
    return {
      documents,
      async reopen() {
        await documents.close()
        documents = openSqliteDocuments(url, options)
        return documents
      },
      async remove() {
        await documents.close()
        rmSync(folder, { recursive: true })
      },
    }
  })

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clarity-documents-'))
  file = join(folder, 'deep', 'store.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const user = put('users/u1', { profile: { email: 'a@example.org' }, metadata: { createdAt: '2024-01-01T00:00:00Z' } })
const byEmail = { collection: 'users', index: 'email', equals: ['a@example.org'], limit: 1 }

test('a store in memory works the same and leaves no file', async () => {
  await using documents = openSqliteDocuments('sqlite::memory:')
  await documents.batch([user])
  expect((await documents.list(byEmail)).data).toHaveLength(1)
  expect(existsSync(':memory:')).toBe(false)
})

test.each(['', 'sqlite:', 'postgres://x', 'store.db'])('the name %j is refused', (url) => {
  expect(() => openSqliteDocuments(url)).toThrow(expect.objectContaining({ code: 'invalid' }))
})

test('only the owner may read the files', async () => {
  await using documents = openSqliteDocuments(`sqlite:${file}`)
  await documents.batch([user])
  const names = readdirSync(join(folder, 'deep'))
  expect(names.sort()).toEqual(['store.db', 'store.db-shm', 'store.db-wal'])
  for (const name of names) expect(statSync(join(folder, 'deep', name)).mode & 0o077).toBe(0)
})

test('a write to a store that another process keeps locked is refused, and reads go on', async () => {
  await using documents = openSqliteDocuments(`sqlite:${file}`)
  await documents.batch([user])
  const other = new DatabaseSync(file)
  other.exec('BEGIN IMMEDIATE')
  await expectProblem('unavailable', documents.batch([put('users/u2', {})]))
  expect(await documents.get('users/u1')).toBeDefined()
  other.exec('ROLLBACK')
  other.close()
  await documents.batch([put('users/u2', {})])
})

test('two openings of one file see each other', async () => {
  await using one = openSqliteDocuments(`sqlite:${file}`)
  await using other = openSqliteDocuments(`sqlite:${file}`)
  await one.batch([user])
  await other.batch([{ ...user, ifVersion: 1 }])
  expect(await one.get('users/u1')).toMatchObject({ version: 2 })
})

test('claimers on two connections never take the same document', async () => {
  await using one = openSqliteDocuments(`sqlite:${file}`)
  await using other = openSqliteDocuments(`sqlite:${file}`)
  await one.batch(Array.from({ length: 90 }, (_, n) => put(`jobs/j${n}`, { status: 'pending', priority: 0, createdAt: String(n) })))
  const taken = (await Promise.all([one, other, one, other].map((store, n) => claimAll(store, `w${n}`, 2)))).flat()
  expect(taken).toHaveLength(90)
  expect(new Set(taken.map(({ path }) => path)).size).toBe(90)
})

test('what says the same already stays at its version', async () => {
  await using store = openSqliteDocuments('sqlite::memory:')
  const said = { op: 'put', path: 'users/u1', body: { n: 1 }, unlessSame: true } as const
  await store.batch([said])
  await store.batch([said, said])
  expect(await store.get('users/u1')).toMatchObject({ version: 1 })
  await store.batch([{ ...said, body: { n: 2 } }])
  expect(await store.get('users/u1')).toMatchObject({ version: 2, body: { n: 2 } })
})

test('batches that come at once share a commit, and one that fails at a write harms none beside it', async () => {
  const reached: string[] = []
  let writes = 0
  const failpoint = (name: string) => {
    reached.push(name)
    if (name === 'documents:written-one' && ++writes === 3) throw new Error('planted')
  }
  await using documents = openSqliteDocuments(`sqlite:${file}`, { failpoint })
  reached.length = 0
  const results = await Promise.allSettled([1, 2, 3, 4, 5].map((n) => documents.batch([put(`users/u${n}`, { n })])))
  expect(results.map(({ status }) => status)).toEqual(Array(5).fill('fulfilled'))
  expect((await documents.list({ collection: 'users', limit: 9 })).data).toHaveLength(5)

  reached.length = 0
  await Promise.all([6, 7, 8].map((n) => documents.batch([put(`users/u${n}`, { n })])))
  expect(reached.filter((name) => name === 'documents:committed')).toHaveLength(1)
})

test.each([false, true])('closing writes what waits; by a thread: %j', async (isBusy) => {
  const documents = openSqliteDocuments(`sqlite:${file}`, { isBusy })
  const written = documents.batch([user])
  await documents.close()
  await written
  await using again = openSqliteDocuments(`sqlite:${file}`)
  expect(await again.get('users/u1')).toBeDefined()
})

test('while a thread writes claims have their turn, and neither undoes the other', async () => {
  await using documents = openSqliteDocuments(`sqlite:${file}`, { isBusy: true })
  await documents.batch(Array.from({ length: 60 }, (_, n) => put(`jobs/j${n}`, { status: 'pending', priority: 0, createdAt: String(n) })))
  const written = Array.from({ length: 200 }, (_, n) => documents.batch([put(`users/u${n}`, { n })]))
  const [taken] = await Promise.all([claimAll(documents, 'w', 2), ...written])
  expect(taken).toHaveLength(60)
  expect((await documents.list({ collection: 'users', limit: 500 })).data).toHaveLength(200)
})

test('a batch that a thread refuses harms none beside it, and says why', async () => {
  await using documents = openSqliteDocuments(`sqlite:${file}`, { isBusy: true })
  await documents.batch([user])
  const batches = [1, 2, 3].map((n) => documents.batch([put(`users/v${n}`, {}), ...(n === 2 ? [{ ...user, ifVersion: 9 }] : [])]))
  const [one, two, three] = await Promise.allSettled(batches)
  expect([one?.status, three?.status]).toEqual(['fulfilled', 'fulfilled'])
  expect(two).toMatchObject({ status: 'rejected', reason: { code: 'conflict' } })
  expect(await documents.get('users/v2')).toBeUndefined()
})

test.each([false, true])('a deleted body and a replaced one leave the files without a restart; by a thread: %j', async (isBusy) => {
  await using documents = openSqliteDocuments(`sqlite:${file}`, { isBusy })
  const words = Array.from({ length: 300 }, (_, n) => `${'canary'.repeat(1 + (n % 300))}`)
  await documents.batch(words.map((word, n) => put(`users/u${n}`, { word, profile: { email: word }, metadata: { createdAt: word } })))
  await documents.batch(words.map((_, n) => (n % 2 === 0 ? { op: 'delete', path: `users/u${n}` } : put(`users/u${n}`, {}))))
  await vi.waitFor(() => expect(countInFiles('canary')).toBe(0), { timeout: 30_000, interval: 100 })
})

test('a store in use can be closed and opened with nothing of the deleted left', async () => {
  const documents = openSqliteDocuments(`sqlite:${file}`)
  await documents.batch([put('users/u1', { word: 'canary' })])
  expect(countInFiles('canary')).toBeGreaterThan(0)
  await documents.batch([{ op: 'delete', path: 'users/u1' }])
  await documents.close()
  expect(countInFiles('canary')).toBe(0)
})

test('an index that an older store lacks is made and filled from its bodies', async () => {
  await openAndClose(
    user,
    put('users/u2', { profile: { email: 7 } }),
    put('users/u3', { profile: { email: true }, metadata: { createdAt: 1 } }),
  )
  const raw = new DatabaseSync(file)
  const [index] = raw.prepare(`SELECT name FROM sqlite_schema WHERE name LIKE 'users.email.%'`).all()
  raw.exec(
    `DROP INDEX "${index?.name}"; ALTER TABLE users DROP COLUMN "$.profile.email"; UPDATE users SET "$.metadata.createdAt" = 'stale'`,
  )
  raw.exec(`CREATE INDEX "users.old.1" ON users ("$.metadata.createdAt")`)
  raw.close()

  await using documents = openSqliteDocuments(`sqlite:${file}`)
  expect((await documents.list(byEmail)).data.map(({ path }) => path)).toEqual(['users/u1'])
  expect((await documents.list({ collection: 'users', index: 'email', limit: 9 })).data).toHaveLength(1)
  expect(indexNames()).not.toContain('users.old.1')
  expect(indexNames()).toContain(index?.name)
})

test('opening a store that is as it should be writes nothing', async () => {
  await openAndClose(user)
  const before = readFileSync(file)
  const { mtimeMs } = statSync(file)
  await openAndClose()
  expect(readFileSync(file).equals(before)).toBe(true)
  expect(statSync(file).mtimeMs).toBe(mtimeMs)
})

test('the file of another program is refused and left as it was', async () => {
  await openAndClose()
  const raw = new DatabaseSync(join(folder, 'other.db'))
  raw.exec('CREATE TABLE notes (text)')
  raw.close()
  const before = readFileSync(join(folder, 'other.db'))
  expect(() => openSqliteDocuments(`sqlite:${join(folder, 'other.db')}`)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  expect(readFileSync(join(folder, 'other.db')).equals(before)).toBe(true)
})

test('a store of a newer version, and a file that is none, are refused', async () => {
  await openAndClose()
  const raw = new DatabaseSync(file)
  raw.exec('PRAGMA user_version = 99')
  raw.close()
  expect(() => openSqliteDocuments(`sqlite:${file}`)).toThrow(expect.objectContaining({ code: 'unavailable' }))
  writeFileSync(join(folder, 'text.db'), 'this is text. '.repeat(100))
  expect(() => openSqliteDocuments(`sqlite:${join(folder, 'text.db')}`)).toThrow(expect.objectContaining({ code: 'storage_corrupt' }))
})

test('a body that is no JSON any more is reported by its path', async () => {
  await openAndClose(user)
  const raw = new DatabaseSync(file)
  raw.exec(`UPDATE users SET body = '{"a'`)
  raw.close()
  await using documents = openSqliteDocuments(`sqlite:${file}`)
  await expect(documents.get('users/u1')).rejects.toMatchObject({ code: 'storage_corrupt', message: expect.stringContaining('users/u1') })
})

async function openAndClose(...writes: ReturnType<typeof put>[]): Promise<void> {
  await using documents = openSqliteDocuments(`sqlite:${file}`)
  await documents.batch(writes)
}

function countInFiles(word: string): number {
  const names = readdirSync(join(folder, 'deep'))
  return names.reduce((sum, name) => sum + readFileSync(join(folder, 'deep', name), 'latin1').split(word).length - 1, 0)
}

function indexNames(): unknown[] {
  const raw = new DatabaseSync(file)
  const names = raw
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index'`)
    .all()
    .map((row) => row.name)
  raw.close()
  return names
}
