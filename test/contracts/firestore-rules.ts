import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { openFirestoreDocuments } from '../../src/adapters/documents/firestore.ts'
import { type FirestoreEmulator, projectOf } from '../engines/firestore.ts'
import { put } from './expectations.ts'

const mine = ['users/u1', 'users/u1/healthSessions/x', 'users/u1/insights/x', 'users/u1/days/x', 'users/u1/imports/x', 'jobs/mine']
const theirs = ['users/u2', 'users/u2/healthSessions/x', 'users/u2/insights/x', 'users/u2/days/x', 'users/u2/imports/x', 'jobs/theirs']
const nobodys = [
  'users/u1/permissions/x',
  'users/u1/consents/x',
  'users/u1/outbox/x',
  'jobs/mine/logs/x',
  'models/x',
  'system/x',
  'auditLogs/x',
]

/** What a client that speaks to Firestore past us may do under `firestore.rules`. */
export function firestoreRulesHold(emulator: FirestoreEmulator): void {
  const url = emulator.newUrl()
  const project = projectOf(url)
  const documentsAt = `http://${emulator.host}/v1/projects/${project}/databases/(default)/documents`

  beforeAll(async () => {
    const content = readFileSync(new URL('../../firestore.rules', import.meta.url), 'utf8')
    const rules = JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } })
    const taken = await fetch(`http://${emulator.host}/emulator/v1/projects/${project}:securityRules`, { method: 'PUT', body: rules })
    expect(await taken.text()).not.toContain('error')
    const documents = await openFirestoreDocuments(url, emulator.options)
    await documents.batch([...mine, ...nobodys].map((path) => put(path, { userId: 'u1' })))
    await documents.batch(theirs.map((path) => put(path, { userId: 'u2' })))
    await documents.close()
  })

  const statusOf = async (path: string, init: RequestInit, user?: string) => {
    const headers = user === undefined ? {} : { authorization: `Bearer ${unsignedToken(project, user)}` }
    const { status } = await fetch(`${documentsAt}${path}`, { ...init, headers })
    return status
  }
  const get = (path: string, user?: string) => statusOf(`/${path}`, {}, user)

  test.each(mine)('a signed-in person may read their own %s, and nobody else may', async (path) => {
    expect(await get(path, 'u1')).toBe(200)
    expect(await get(path, 'u2')).toBe(403)
    expect(await get(path)).toBe(403)
  })

  test.each([...theirs, ...nobodys])('%s is kept from them', async (path) => {
    expect(await get(path, 'u1')).toBe(403)
  })

  test.each([...mine, ...nobodys, 'users/u1/days/new', 'anything/x'])('they may write nothing at %s', async (path) => {
    const body = JSON.stringify({ fields: { steps: { integerValue: 1 } } })
    expect(await statusOf(`/${path}`, { method: 'PATCH', body }, 'u1')).toBe(403)
    expect(await statusOf(`/${path}`, { method: 'DELETE' }, 'u1')).toBe(403)
  })

  const query = (collectionId: string, allDescendants: boolean) =>
    JSON.stringify({ structuredQuery: { from: [{ collectionId, allDescendants }] } })

  test('they may list their own days and not those of all', async () => {
    expect(await statusOf('/users/u1:runQuery', { method: 'POST', body: query('days', false) }, 'u1')).toBe(200)
    expect(await statusOf('/users/u2:runQuery', { method: 'POST', body: query('days', false) }, 'u1')).toBe(403)
    expect(await statusOf(':runQuery', { method: 'POST', body: query('days', true) }, 'u1')).toBe(403)
    expect(await statusOf(':runQuery', { method: 'POST', body: query('jobs', false) }, 'u1')).toBe(403)
  })
}

/** As the emulator takes them: of no algorithm and without a signature. */
function unsignedToken(project: string, user: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const now = Math.floor(Date.now() / 1000)
  const claims = { sub: user, user_id: user, aud: project, iss: `https://securetoken.google.com/${project}`, iat: now, exp: now + 3600 }
  return `${part({ alg: 'none', typ: 'JWT' })}.${part(claims)}.`
}
