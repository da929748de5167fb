import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openFileBlobs } from '../../src/adapters/blobs/files.ts'
import { openSqliteDocuments } from '../../src/adapters/documents/sqlite.ts'
import { isSignedBy } from '../../src/app/audit-signer.ts'
import { archiveAudit } from '../../src/flows/archive-audit.ts'
import { signCheckpoint } from '../../src/flows/audit-checkpoint.ts'
import { auditLines, findCheckpoints } from '../../src/flows/audit-lines.ts'
import { isProven, proveEntry } from '../../src/flows/prove-audit.ts'
import { sealAudit } from '../../src/flows/seal-audit.ts'
import { verifyAudit } from '../../src/flows/verify-audit.ts'
import { put } from '../contracts/expectations.ts'
import { digest, logOf, noteOf, signerOf } from './log.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-archive-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('after seven years an entry lies in the archive only, and the log is whole as ever', async () => {
  const documents = openSqliteDocuments(`sqlite:${join(folder, 'log.db')}`)
  const checkpoints = openFileBlobs(join(folder, 'checkpoints'))
  const signer = signerOf(1)
  const clock = { nowMs: () => Date.UTC(2034, 1, 28, 12) }
  const deps = { documents, checkpoints, clock, digest, signer }
  // Ten a year from 2025 on, each on its first of March.
  const ats = Array.from({ length: 100 }, (_, n) => `${2025 + Math.floor(n / 10)}-03-01T00:00:0${n % 10}.000000Z`)
  await documents.batch(ats.map((at, n) => put(`auditOutbox/n${String(n).padStart(3, '0')}`, { ...noteOf(n), at })))
  await sealAudit(deps, 'test')
  await signCheckpoint(deps, 'now')
  const lines = async () => {
    const found: string[] = []
    for await (const line of auditLines(deps)) found.push(line)
    return found
  }
  const before = await lines()
  // Those of March 2027 have a day left.
  expect(await archiveAudit(deps)).toBe(20)
  expect(await archiveAudit(deps)).toBe(0)
  expect((await documents.list({ collection: 'auditLogs', limit: 1000 })).data).toHaveLength(80)
  expect(await lines()).toEqual(before)

  const { key } = logOf([], [], signer)
  const notes = await findCheckpoints(checkpoints)
  expect(await verifyAudit({ digest, isSignedBy }, auditLines(deps), notes, key)).toMatchObject({ verdict: 'ok', entries: 100 })
  const proof = await proveEntry(deps, 7, notes)
  expect(isProven({ digest, isSignedBy }, proof, key)).toBe(true)
  expect(isProven({ digest, isSignedBy }, { ...proof, entry: { ...proof.entry, outcome: 'deny' } }, key)).toBe(false)
  expect(isProven({ digest, isSignedBy }, { ...proof, path: proof.path.toReversed() }, key)).toBe(false)
  expect(isProven({ digest, isSignedBy }, proof, logOf([], [], signerOf(2)).key)).toBe(false)

  // Killed between the word that they are archived and their going.
  const chain = await documents.get<object>('auditChain/head')
  await documents.batch([put('auditChain/head', { ...chain?.body, archivedTo: '0000000000000019' })])
  await documents.batch([put('auditLogs/0000000000000020', JSON.parse(before[19] ?? ''))])
  await documents.batch([put('auditChain/head', { ...chain?.body })])
  expect(await lines()).toEqual(before)
  expect(await archiveAudit(deps)).toBe(0)
  expect((await documents.list({ collection: 'auditLogs', limit: 1000 })).data).toHaveLength(80)
  await documents.close()
})
