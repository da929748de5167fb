import type { Client } from 'pg'

/** Until a lock is waited for in this client's database. */
export async function someoneWaits(client: Client): Promise<void> {
  const waits = `SELECT pg_stat_clear_snapshot(), count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
  while ((await client.query(waits)).rows[0].count === '0');
}

/** Has the server end every other connection to this client's database that is in a state, and waits until it has. */
export async function endConnections(client: Client, state: string): Promise<void> {
  await client.query(
    `SELECT count(pg_terminate_backend(pid, 5000)) AS count FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = $1`,
    [state],
  )
}
