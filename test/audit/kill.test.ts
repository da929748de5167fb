import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openHouse } from '../../src/app/house.ts'
import { all } from '../../src/flows/every.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import type { AuditNote } from '../../src/model/audit.ts'

const program = join(import.meta.dirname, 'kill-process.ts')
let data = ''
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'clarity-kill-'))
  await using house = await openHouse({ data })
  await house.documents.batch([{ op: 'put', path: 'users/robin', body: newUser(house, 'UTC') }])
})
afterEach(() => rmSync(data, { recursive: true }))

test.each([
  ['put', 'documents:written-all', 0],
  ['put', 'documents:committed', 1],
  ['get', 'documents:written-all', 0],
  ['get', 'documents:committed', 1],
] as const)('a %s killed at %s, before its answer, leaves %d entries, and as many changes', async (what, place, entries) => {
  expect(spawnSync(process.execPath, [program, data, what, place], { encoding: 'utf8' })).toMatchObject({ signal: 'SIGKILL', stdout: '' })
  await using house = await openHouse({ data })
  const notes = await all<AuditNote>(house.documents, { collection: 'auditOutbox' })
  expect(notes.map(({ body }) => [body.action, body.outcome])).toEqual(
    Array.from({ length: entries }, () => [what === 'get' ? 'R' : 'U', 'allow']),
  )
  const user = await house.documents.get('users/robin')
  expect(user?.version).toBe(what === 'put' ? 1 + entries : 1)
})
