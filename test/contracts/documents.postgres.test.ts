import { afterAll } from 'vitest'
import { openPostgresDocuments } from '../../src/adapters/documents/postgres.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { startPostgres } from '../engines/postgres.ts'
import { documentsContract } from './documents.ts'

describeEngine('documents on PostgreSQL', await startPostgres(), (server) => {
  afterAll(() => server.stop())

  documentsContract('postgres', async () => {
    const url = await server.createDatabase()
    let documents = await openPostgresDocuments(url)
    return {
      documents,
      async reopen() {
        await documents.close()
        documents = await openPostgresDocuments(url)
        return documents
      },
      remove: () => documents.close(),
    }
  })
})
