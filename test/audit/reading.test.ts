import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { auditApi } from '../../src/api/audit.ts'
import { daysApi } from '../../src/api/days.ts'
import { usersApi } from '../../src/api/users.ts'
import { signCheckpoint } from '../../src/flows/audit-checkpoint.ts'
import { giveConsent } from '../../src/flows/consents.ts'
import { makeGrant } from '../../src/flows/grants.ts'
import { newUser } from '../../src/flows/manage-user.ts'
import { sealAudit } from '../../src/flows/seal-audit.ts'
import { keepAccount } from '../../src/http/account.ts'
import { auditHandlers } from '../../src/http/handlers/audit.ts'
import { daysHandlers } from '../../src/http/handlers/days.ts'
import { usersHandlers } from '../../src/http/handlers/users.ts'
import type { HandlerDeps } from '../../src/http/handlers.ts'
import type { Access, AuditEntry } from '../../src/model/audit.ts'
import { temporaryHouse } from '../golden/people.ts'
import { asking } from '../http/asking.ts'
import { ended, queued, quickWorker } from '../worker/world.ts'
import { signerOf } from './log.ts'

const house = await temporaryHouse()
afterAll(() => house[Symbol.asyncDispose]())
const ask = asking(
  {
    api: { ...auditApi, ...daysApi, ...usersApi },
    handlers: { ...auditHandlers, ...daysHandlers, ...usersHandlers },
    deps: house as HandlerDeps,
    account: keepAccount<HandlerDeps>(house),
  },
  house,
)
const seal = () => sealAudit(house, 'test')
const log = async (query = '', who = 'robin') => (await ask(who, `GET /v1/users/robin/access-log${query}`)).body
const auditor = async (query = '') => (await ask('auditor:', `GET /v1/system/audit-logs${query}`)).body

beforeAll(async () => {
  const people = ['robin', 'sam', 'tom'].map((userId) => ({ op: 'put', path: `users/${userId}`, body: newUser(house, 'UTC') }) as const)
  await house.documents.batch(people)
  await giveConsent(house, 'robin', 'c1', { purpose: 'dataSharing', given: true, textVersion: '1' })
  await makeGrant(house, 'robin', 'g1', { granteeId: 'sam', access: 'read', resources: ['days'] })
  await ask('sam', 'GET /v1/users/robin/days')
  await ask('service:', 'GET /v1/users/robin')
  await ask('tom', 'GET /v1/users/robin')
  await ask('robin', 'GET /v1/users/robin')
  await ask('tom', 'GET /v1/users/tom')
  await seal()
})

describe('a person sees', () => {
  test('who read what and when, by name where they gave a permission, and themselves', async () => {
    const { data } = await log()
    expect(data.map(({ who, action, what, outcome, code }: Access) => [who, action, what, outcome, code])).toEqual([
      [{ type: 'person', userId: 'robin' }, 'R', 'users', 'allow', undefined],
      [{ type: 'person' }, 'R', 'users', 'deny', 'not_found'],
      [{ type: 'service', keyId: 'service:' }, 'R', 'users', 'allow', undefined],
      [{ type: 'person', userId: 'sam' }, 'R', 'users/days', 'allow', undefined],
    ])
    expect(data[3]).toMatchObject({ count: 0, purpose: 'permission', at: expect.stringMatching(/^2\d{3}-.*\.\d{6}Z$/) })
  })

  test('it page by page, and between two instants', async () => {
    const first = await log('?limit=3')
    expect([first.data.length, typeof first.nextCursor]).toEqual([3, 'string'])
    const [oldest] = (await log(`?limit=3&cursor=${first.nextCursor}`)).data
    expect(oldest.who).toEqual({ type: 'person', userId: 'sam' })
    expect((await log(`?to=${oldest.at}`)).data).toEqual([])
    expect((await log(`?from=${first.data[0].at}`)).data.at(-1)).toEqual(first.data[0])
    expect(await ask('tom', `GET /v1/users/tom/access-log?cursor=${first.nextCursor}`)).toMatchObject({ body: { code: 'bad_cursor' } })
  })

  test('what the house did by itself for them', async () => {
    await using _ = quickWorker(house)
    await ended(house, await queued(house, 'j1', 'health_analysis', { userId: 'robin', input: { dates: ['2024-06-12'] } }))
    await seal()
    const { data } = await log()
    expect(data).toContainEqual(
      expect.objectContaining({ who: { type: 'system' }, action: 'E', what: 'jobs/health_analysis', outcome: 'allow' }),
    )
  })

  test('only their own', async () => {
    expect(await ask('sam', 'GET /v1/users/robin/access-log')).toMatchObject({ status: 404 })
    expect(await ask('auditor:', 'GET /v1/users/robin/access-log')).toMatchObject({ status: 403 })
  })
})

describe('an auditor', () => {
  test('reads entries whole, the newest first, and by what they are', async () => {
    const { data } = await auditor()
    const seqs = data.map(({ seq }: AuditEntry) => seq)
    expect(seqs).toEqual(seqs.toSorted((one: number, other: number) => other - one))
    expect(JSON.stringify(data)).not.toMatch(/robin|"sam|"tom/)
    const count = async (query: string) => (await auditor(query)).data.length
    expect(await count('?outcome=deny&userId=robin&to=2100-01-01T00:00:00Z')).toBe(1)
    expect(await count('?userId=nobody')).toBe(0)
    expect(await count('?actorType=service')).toBe(1)
    expect(await count('?action=E')).toBe(1)
    const [{ subject }] = (await auditor('?userId=robin&limit=1')).data
    expect(await count(`?subject=${subject}`)).toBe(await count('?userId=robin'))
    expect(await count(`?subject=${subject}&userId=tom`)).toBe(0)
    const { actor, requestId } = data.find((entry: AuditEntry) => entry.actor.type === 'person')
    expect(await count(`?actor=${actor.id}`)).toBeGreaterThan(0)
    expect((await auditor(`?requestId=${requestId}`)).data).toMatchObject([{ requestId }])
  })

  test('and nobody else', async () => {
    for (const who of ['robin', 'service:', 'operator:', 'researcher:'])
      expect(await ask(who, 'GET /v1/system/audit-logs'), who).toMatchObject({ status: 403 })
  })
})

test('with their keys a person is gone from the log, which still stands', async () => {
  const before = await auditor('?userId=robin')
  await house.keys.destroy('robin')
  // What was found of a key is believed for half a second.
  const deps = { ...house, auditKeyOf: async (userId: string) => (await house.keys.of(userId).catch(() => undefined))?.audit }
  const { pseudonymOf } = await import('../../src/flows/find-audit.ts')
  expect(await pseudonymOf(deps, 'robin')).toBeUndefined()
  expect((await auditor(`?subject=${before.data[0].subject}&limit=1000`)).data.length).toBe(before.data.length)
})

test('a checkpoint is signed at a thousand entries, after a minute, or when it is asked for, and once for each size', async () => {
  const checkpoints = house.blobs
  const at = { nowMs: Date.now() }
  const deps = { documents: house.documents, clock: { nowMs: () => at.nowMs }, digest: house.digest, checkpoints, signer: signerOf(1) }
  await seal()
  expect(await signCheckpoint(deps)).toBe(true)
  await ask('tom', 'GET /v1/users/tom')
  await seal()
  expect(await signCheckpoint(deps)).toBe(false)
  at.nowMs += 60_000
  expect(await signCheckpoint(deps)).toBe(true)
  expect(await signCheckpoint(deps, 'now')).toBe(false)
  for (let n = 0; n < 1000; n += 50) await Promise.all(Array.from({ length: 50 }, () => ask('tom', 'GET /v1/users/tom')))
  await seal()
  expect(await signCheckpoint(deps)).toBe(true)
})
