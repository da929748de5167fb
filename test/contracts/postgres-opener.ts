/** Opens the documents at a URL and says `open`: `node test/contracts/postgres-opener.ts URL [NTH]` kills itself after the NTH statement of the migrations. */
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'

const [url = '', nth] = process.argv.slice(2)
let statements = 0

function failpoint(name: string): void {
  if (name !== 'documents:migrated-one') return
  statements += 1
  if (statements === Number(nth)) process.kill(process.pid, 'SIGKILL')
}

await using _documents = await openPostgresDocuments(url, { failpoint })
console.log(`open ${statements}`)
