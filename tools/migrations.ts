/** Writes the SQL that brings the documents' tables to what model/collections.ts says, as the next file: `node tools/migrations.ts`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nextMigration } from '../src/adapters/documents/postgres-tables.ts'

const folder = join(import.meta.dirname, '..', 'migrations', 'documents')
mkdirSync(folder, { recursive: true })
const names = readdirSync(folder).sort()
const sql = nextMigration(names.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n'))
const next = `${String(names.length + 1).padStart(3, '0')}-collections.sql`
if (sql === '') console.log('The migrations are current')
else {
  writeFileSync(join(folder, next), `${sql}\n`)
  console.log(`migrations/documents/${next}`)
}
