import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { required } from '../src/columns/parquet-schema.ts'
import { instantColumns, numberColumns, wordColumns } from '../src/model/sample-table.ts'

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'samples.md'), 'utf8')

test('docs/samples.md names the columns of a session file, their types and their order', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \|/gm)].map(([, name, type]) => `${name}: ${type}`)
  const column = (type: string) => (name: string) => `${name}: ${type}${required.has(name) ? ', never null' : ''}`
  const columns = [
    'date: date, never null',
    'source: text, never null',
    ...wordColumns.map(column('text')),
    ...instantColumns.map(column('instant')),
    'micros: whole number',
    ...numberColumns.map(column('double')),
  ]
  expect(rows).toEqual(columns)
  expect(page).toContain(`The same ${columns.length} in every file`)
})
