import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { digest, hmacOf } from '../../src/app/audit-parts.ts'
import { canonical } from '../../src/flows/audit-chain.ts'
import { openLedger } from '../../src/flows/audit-ledger.ts'
import { auditLines } from '../../src/flows/audit-lines.ts'
import { newEventIds } from '../../src/flows/events.ts'
import { sealAudit } from '../../src/flows/seal-audit.ts'
import { type AuditEntry, auditId } from '../../src/model/audit.ts'
import type { Documents } from '../../src/ports/documents.ts'
import { verifyLog } from '../../tools/verify-audit.mjs'
import { expectProblem, put } from '../contracts/expectations.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-seal-'))
afterAll(() => rmSync(folder, { recursive: true }))

const clock = { nowMs: Date.now }
let ids = 0

/** Somebody in a process of their own who writes into the log what they do, one thing after the other. */
function writer(documents: Documents, name: string) {
  const nextNoteId = newEventIds({ clock, newId: () => `${name}${ids++}`.padStart(12, '0') })
  const deps = { documents, clock, nextNoteId, hmacOf, policyVersion: '1', auditKeyOf: async () => undefined }
  return (what: string) =>
    openLedger(deps, documents, { doer: { type: 'system', name }, action: 'R', resource: { type: what } }).settle({ outcome: 'allow' })
}

async function linesOf(documents: Documents): Promise<string[]> {
  const lines: string[] = []
  for await (const line of auditLines({ documents })) lines.push(line)
  return lines
}

function sealing(open: () => Promise<[Documents, Documents]>): void {
  let one: Documents
  let other: Documents
  beforeEach(async () => {
    ;[one, other] = await open()
    return async () => {
      await one.close()
      await other.close()
    }
  })

  test('eight writers and two sealers at once make one chain without a gap, each writer’s entries in order', async () => {
    let writing = 8
    const write = async (n: number) => {
      const say = writer(n % 2 === 0 ? one : other, `w${n}`)
      for (let count = 0; count < 60; count += 1) await say(String(count).padStart(3, '0'))
      writing -= 1
    }
    let nowMs = 0
    // To each of them the other's lease is over: only the fence is left.
    const impatient = { nowMs: () => (nowMs += 10_000) }
    const sealed = { one: 0, other: 0 }
    const seal = async (documents: Documents, name: 'one' | 'other') => {
      for (let rest = false; !rest; ) {
        rest = writing === 0
        sealed[name] += await sealAudit({ documents, clock: impatient, digest }, name)
        await setImmediate()
      }
    }
    await Promise.all([...Array.from({ length: 8 }, (_, n) => write(n)), seal(one, 'one'), seal(other, 'other')])
    sealed.one += await sealAudit({ documents: one, clock: impatient, digest }, 'one')
    const lines = await linesOf(one)
    const entries = lines.map((line) => JSON.parse(line) as AuditEntry)
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 480 }, (_, n) => n + 1))
    for (const [, own] of Map.groupBy(entries, ({ actor }) => actor.id))
      expect(own.map(({ resource }) => Number(resource.type))).toEqual(Array.from({ length: 60 }, (_, n) => n))
    expect(await verifyLog(lines, [], `x+00000000+${'A'.repeat(44)}`)).toMatchObject({ exit: 1, says: expect.stringContaining('vkey') })
    expect(entries.every(({ prevHash }, n) => prevHash === (entries[n - 1]?.hash ?? '0'.repeat(64)))).toBe(true)
    expect((await one.list({ collection: 'auditOutbox', limit: 1 })).data).toEqual([])
    // Whoever was faster: each entry was sealed once, and said to be.
    expect(sealed.one + sealed.other).toBe(480)
  })

  test('while one seals, the other leaves it to them', async () => {
    const say = writer(one, 'w')
    await say('a')
    expect(await sealAudit({ documents: one, clock, digest }, 'one')).toBe(1)
    await say('b')
    expect(await sealAudit({ documents: other, clock, digest }, 'other')).toBe(0)
    expect(await sealAudit({ documents: other, clock: { nowMs: () => Date.now() + 2001 }, digest }, 'other')).toBe(1)
  })

  test('what is sealed is neither changed nor taken away, but for what lies in the archive', async () => {
    const say = writer(one, 'w')
    for (const what of ['a', 'b', 'c']) await say(what)
    await sealAudit({ documents: one, clock, digest }, 'one')
    const path = `auditLogs/${auditId(2)}`
    const before = await linesOf(one)
    const found = await one.get<AuditEntry>(path)
    await expectProblem('unavailable', one.batch([put(path, { ...found?.body, outcome: 'deny' })]))
    await expectProblem('unavailable', one.batch([{ op: 'delete', path }]))
    expect(await linesOf(one)).toEqual(before)
    const chain = await one.get<object>('auditChain/head')
    await one.batch([put('auditChain/head', { ...chain?.body, archivedTo: auditId(2) })])
    await one.batch([{ op: 'delete', path }])
    await expectProblem('unavailable', one.batch([{ op: 'delete', path: `auditLogs/${auditId(3)}` }]))
    expect(await linesOf(one)).toEqual(before.filter((line) => line !== canonical(found?.body)))
  })
}

let files = 0
describeEngine('the seal on SQLite', {}, () =>
  sealing(async () => {
    const url = `sqlite:${join(folder, `${files++}.db`)}`
    return [openSqliteDocuments(url), openSqliteDocuments(url)]
  }),
)
describeEngine('the seal on PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())
  let url = ''
  sealing(async () => {
    url = await server.createDatabase()
    return [await openPostgresDocuments(url), await openPostgresDocuments(url)]
  })

  test('nor is the table emptied', async () => {
    const client = new Client({ connectionString: url })
    await client.connect()
    await expect(client.query('TRUNCATE documents."auditLogs"')).rejects.toThrow('sealed')
    await client.end()
  })
})
