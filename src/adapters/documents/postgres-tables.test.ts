import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { nextMigration } from './postgres-tables.ts'

const folder = new URL('../../../migrations/documents/', import.meta.url)
const applied = readdirSync(folder)
  .sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8'))
  .join('\n')

test('the migrations make what model/collections.ts says; where not, node tools/migrations.ts writes the next one', () => {
  expect(nextMigration(applied)).toBe('')
})

test('a first migration makes every table, and after it there is nothing left to do', () => {
  const first = nextMigration('')
  expect(first).toContain('CREATE TABLE documents."healthSessions"')
  expect(nextMigration(first)).toBe('')
})

test('a missing column is added and filled, a missing index made, an outdated one dropped', () => {
  const older = applied
    .replace('  "$.localDate" text COLLATE "C",\n', '')
    .replace(
      /CREATE INDEX "healthSessions\.localDate\.\w+"[^;]*;/,
      'CREATE INDEX "healthSessions.old.1" ON documents."healthSessions" ("id");',
    )
  const next = nextMigration(older)
  expect(next.split('\n\n')).toEqual([
    'DROP INDEX documents."healthSessions.old.1";',
    'ALTER TABLE documents."healthSessions" ADD COLUMN "$.localDate" text COLLATE "C";',
    `UPDATE documents."healthSessions" SET "$.localDate" = documents.index_key(body #> '{localDate}');`,
    expect.stringMatching(/^CREATE INDEX "healthSessions\.localDate\.\w+" ON documents\."healthSessions" /),
  ])
  expect(nextMigration(`${older}\n${next}`)).toBe('')
})
