import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Collection, collectionNames, collections, placeOf } from './collections.ts'
import { retentionPolicies } from './retention.ts'

test('a path leads to its collection, ids and parent', () => {
  expect(placeOf('users/u1')).toEqual({ collection: 'users', ids: { userId: 'u1' }, id: 'u1', parent: undefined })
  expect(placeOf('users/u1/days/2024-01-20')).toEqual({
    collection: 'days',
    ids: { userId: 'u1', date: '2024-01-20' },
    id: '2024-01-20',
    parent: 'users/u1',
  })
  expect(placeOf('jobs/j1/logs/3')).toMatchObject({ collection: 'jobLogs', ids: { jobId: 'j1', n: '3' }, parent: 'jobs/j1' })
  expect(placeOf('models/actigraphy_transformer/versions/2.1.0')).toMatchObject({ collection: 'modelVersions', id: '2.1.0' })
  expect(placeOf('system/configuration')).toMatchObject({ collection: 'system' })
})

test('every pattern is a place of its own collection', () => {
  for (const name of collectionNames) expect(placeOf(collections[name].path.replace(/\{\w+\}/g, 'x1')).collection).toBe(name)
})

test('163, 168: ids that could be paths, controls or look-alikes are refused', () => {
  const bad = ['', '.', '..', '../x', '..%2f', '%2e%2e', 'a\0b', 'a b', 'x\n', 'ü', 'usеr', 'a'.repeat(129), '2.1.0', '__x__', '__proto__']
  for (const id of bad) expect(() => placeOf(`users/${id}`), JSON.stringify(id)).toThrow(expect.objectContaining({ code: 'invalid_id' }))
  for (const id of ['..', '.1', '1.', '1..2', `1.${'2'.repeat(127)}`])
    expect(() => placeOf(`models/m/versions/${id}`), id).toThrow('Bad id')
})

test('164: ids that mean something elsewhere are plain text here', () => {
  for (const id of ['CON', 'constructor', 'null', '0', '__a', 'a'.repeat(128)]) expect(placeOf(`users/${id}`).id).toBe(id)
})

test('paths of no document are refused', () => {
  for (const path of [
    '',
    'users',
    'users/u1/days',
    'nowhere/x',
    'users/u1/nowhere/x',
    'healthData/u1/sessions/s1',
    '/users/u1',
    'users/u1/',
    'constructor/x',
  ])
    expect(() => placeOf(path), path).toThrow(expect.objectContaining({ code: 'invalid_id' }))
})

test('the composite indexes of the specification are declared', () => {
  expect(collections.users.indexes.email).toEqual(['profile.email', 'metadata.createdAt'])
  expect(collections.healthSessions.indexes.userStart).toEqual(['userId', 'sessionInfo.startTime'])
  expect(collections.insights.indexes.userDateType).toEqual(['userId', 'date', 'type'])
  expect(collections.jobs.indexes.queue).toEqual(['status', 'priority', 'createdAt'])
})

test('a person’s data have a retention class, and descending fields are indexed', () => {
  for (const name of collectionNames) {
    const row: Collection = collections[name]
    if (row.personal) expect(Object.keys(retentionPolicies), name).toContain(row.retention)
    for (const field of row.descending ?? []) expect(Object.values(row.indexes).flat(), name).toContain(field)
  }
})

test('retention is as the specification says', () => {
  expect(retentionPolicies.raw_health_data).toMatchObject({ retentionYears: 2, archivalYears: 5, backupFrequency: 'daily' })
  expect(retentionPolicies.processed_insights).toMatchObject({ retentionYears: 5, archivalYears: 10, backupFrequency: 'weekly' })
  expect(retentionPolicies.system_logs).toMatchObject({ retentionYears: 1, archivalYears: 3 })
  expect(retentionPolicies.audit_logs).toMatchObject({ retentionYears: 7, archivalYears: null, backupFrequency: 'real_time' })
})

test('no index has what is sealed, but by a keyed hash; of the address an account is found by, nothing is left in its index', () => {
  for (const name of collectionNames) {
    const row: Collection = collections[name]
    const { sealed = [], blind = [] } = row
    const hidden = Object.values(row.indexes)
      .flat()
      .filter((field) => sealed.some((path) => field === path || field.startsWith(`${path}.`)))
    expect(
      hidden.filter((field) => !blind.includes(field)),
      name,
    ).toEqual(name === 'users' ? ['profile.email'] : [])
    for (const path of blind) expect(sealed, name).toContain(path)
  }
})

test('a person’s document that names an object says in the open only which', () => {
  const naming = collectionNames.filter(
    (name) =>
      collections[name].personal && /"sha256"/.test(JSON.stringify(z.toJSONSchema(collections[name].schema, { unrepresentable: 'any' }))),
  )
  expect(naming).toEqual(expect.arrayContaining(['healthSessions', 'sessionRevisions', 'imports']))
  for (const name of naming) {
    const { sealed = [] }: Collection = collections[name]
    expect(
      sealed.some((path) => path.split('.').at(-1) === 'sha256'),
      name,
    ).toBe(true)
  }
})
