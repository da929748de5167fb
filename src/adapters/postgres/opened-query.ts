import type { PoolClient, QueryConfig, QueryResult } from 'pg'

/** A statement without rows that a connection's settings prepare under `prepared`. */
export interface Opening {
  readonly prepared: string
  readonly text: string
  readonly values: readonly string[]
}

/** What the protocol needs for a prepared statement to run. */
interface Wire {
  bind(what: { readonly statement: string; readonly values: readonly string[] }): void
  execute(): void
}

interface Preparing {
  prepare(wire: Wire): void
  callback: (error: Error | undefined, results: readonly QueryResult[]) => void
}

let pg: Promise<typeof import('pg')> | undefined

/**
 * One statement behind its opening, in one transaction and one round trip: what comes before one Sync is a transaction, without BEGIN and
 * COMMIT. `pg` has no words for that, so this stands on its private `prepare`; test/access/wall.test.ts fails where that changes. If the
 * opening fails the server passes the statement by.
 */
export async function queryOpened(client: PoolClient, { prepared, values }: Opening, config: QueryConfig): Promise<QueryResult> {
  pg ??= import('pg')
  const { Query } = await pg
  // Extended, also without values: only those statements are prepared.
  const query = new Query({ ...config, queryMode: 'extended' } as QueryConfig) as InstanceType<typeof Query> & Preparing
  const { prepare } = query
  query.prepare = (wire) => {
    wire.bind({ statement: prepared, values })
    wire.execute()
    prepare.call(query, wire)
  }
  const results = await new Promise<readonly QueryResult[]>((resolve, reject) => {
    query.callback = (error, found) => (error ? reject(error) : resolve(found))
    client.query(query)
  })
  const [, result] = results
  if (result === undefined) throw new Error('A statement ran without its opening')
  return result
}
