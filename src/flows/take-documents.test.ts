import { expect, test } from 'vitest'
import type { BackupManifest } from '../model/backup.ts'
import { collectionNames } from '../model/collections.ts'
import { collectionsOf, dueClasses } from './take-documents.ts'

const file = { key: 'documents/x', length: 0, sha256: '0'.repeat(64) }

function taken(names: readonly (typeof collectionNames)[number][], takenAt: string): BackupManifest['collections'] {
  return Object.fromEntries(names.map((name) => [name, { takenAt, documents: 0, file }]))
}

function manifest(collections: BackupManifest['collections']): BackupManifest {
  return { run: 1, createdAt: '2026-11-01T00:00:00Z', engine: 'sqlite', collections, objects: { count: 0, bytes: 0, list: file }, lost: [] }
}

const whole = manifest(taken(collectionNames, '2026-11-01T00:00:00Z'))
const at = (time: string) => Date.parse(time)

test('without a backup everything is due', () => {
  expect(collectionsOf(dueClasses(undefined, 0)).toSorted()).toEqual(collectionNames.toSorted())
})

// The specification: audit real_time; profiles, raw data and logs daily; insights weekly.
test.each([
  ['2026-11-01T00:00:00Z', ['audit_logs']],
  ['2026-11-01T23:59:59Z', ['audit_logs']],
  ['2026-11-02T00:00:00Z', ['raw_health_data', 'user_profiles', 'system_logs', 'unclassified', 'audit_logs']],
  ['2026-11-07T23:59:59Z', ['raw_health_data', 'user_profiles', 'system_logs', 'unclassified', 'audit_logs']],
  ['2026-11-08T00:00:00Z', ['raw_health_data', 'user_profiles', 'system_logs', 'processed_insights', 'unclassified', 'audit_logs']],
])('of a backup of 1 November at midnight, at %s what is due is %j', (now, due) => {
  expect(dueClasses(whole, at(now))).toEqual(due)
})

test('a class that was taken since is not due, and one that was never taken is', () => {
  const later = { ...whole.collections, ...taken(collectionsOf(['raw_health_data']), '2026-11-03T00:00:00Z') }
  const { users: _, ...without } = later
  const due = dueClasses(manifest(without), at('2026-11-03T01:00:00Z'))
  expect(due).toContain('user_profiles')
  expect(due).not.toContain('raw_health_data')
})

test('sessions are taken before the jobs that they make, and jobs before the days that they make', () => {
  const order = collectionsOf(dueClasses(undefined, 0))
  expect(order.indexOf('healthSessions')).toBeLessThan(order.indexOf('jobs'))
  expect(order.indexOf('jobs')).toBeLessThan(order.indexOf('days'))
  expect(order.indexOf('jobs')).toBeLessThan(order.indexOf('insights'))
})
