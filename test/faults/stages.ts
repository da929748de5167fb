import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { startPostgres } from '../engines/postgres.ts'
import { newFolder, run } from './child.ts'
import type { LoopDisk } from './loop-disk.ts'
import type { Places } from './stores.ts'

/** What a round is played on: the stores, and what can be done to them from outside. */
export interface Stage extends AsyncDisposable {
  readonly places: Places
  /** How many processes may write at once. */
  readonly writers: number
  /** Ends every process of the database with SIGKILL. */
  killDatabase?(): Promise<void>
  /** Starts what was ended, and waits until nobody but the caller is at work in the database. */
  settle(): Promise<void>
}

interface Missing {
  readonly missing: string
}

export const stages: Readonly<Record<string, (disk?: LoopDisk) => Promise<Stage | Missing>>> = {
  sqlite: sqliteStage,
  postgres: postgresStage,
}

async function sqliteStage(disk?: LoopDisk): Promise<Stage> {
  const home = disk ? join(disk.path, 'data') : newFolder()
  return {
    places: { documents: `sqlite:${join(home, 'clarity.db')}`, blobs: join(home, 'blobs') },
    writers: 1,
    settle: async () => undefined,
    async [Symbol.asyncDispose]() {
      if (!disk) rmSync(home, { recursive: true, force: true })
    },
  }
}

async function postgresStage(disk?: LoopDisk): Promise<Stage | Missing> {
  const server = await startPostgres({ own: true, ...(disk && { home: disk.path }) })
  if ('missing' in server) return server
  const home = disk ? disk.path : newFolder()
  const documents = await server.createDatabase()
  // The cluster was made without a sync: only what comes from now on is promised.
  if (disk && !run('sync')) throw new Error('The new cluster could not be synced')
  let isKilled = false
  return {
    places: { documents, blobs: join(home, 'blobs') },
    writers: 2,
    async killDatabase() {
      isKilled = true
      await server.kill()
    },
    async settle() {
      if (isKilled) await server.start()
      isKilled = false
      await untilQuiet(documents)
    },
    async [Symbol.asyncDispose]() {
      await server.stop()
      if (!disk) rmSync(home, { recursive: true, force: true })
    },
  }
}

/** The server may still be at the commit of a client that is dead. */
export async function untilQuiet(url: string): Promise<void> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const busy = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`
    while ((await client.query<{ n: number }>(busy)).rows[0]?.n !== 0) await client.query('SELECT pg_sleep(0.01)')
  } finally {
    await client.end()
  }
}
