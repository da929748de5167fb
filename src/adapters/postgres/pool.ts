import { setTimeout as delay } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { Problem } from '../../model/problem.ts'
import { sendTogether } from './one-write.ts'
import { type Opening, queryOpened } from './opened-query.ts'
import { asPostgresProblem, isLost, sqlStateOf } from './problem.ts'
import { type Borrow, shareConnection } from './shared-connection.ts'

/** SQL made from our own tables, never from what came in; that stands in `values`. */
export interface Statement {
  readonly text: string
  readonly values?: readonly unknown[]
  /** Prepared once on each connection under this name: one name, one text. */
  readonly name?: string
  /** How long its answer is waited for. */
  readonly timeoutMs?: number
}

export interface Reply {
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** Rows that it returned or changed. */
  readonly count: number
}

/** Statements go out when they are asked, in that order: ask several before awaiting the first, and they share one round trip. */
export type Ask = (statement: Statement) => Promise<Reply>

export interface TransactionOptions {
  /** SQLSTATEs after which the whole is tried again; serialisation failures and deadlocks when absent. */
  readonly retried?: readonly string[]
  readonly attempts?: number
}

/** What can be asked of a database. */
export interface Asking {
  /** One statement, and a transaction of its own. */
  readonly ask: Ask
  /** As `ask`, once more on a new connection when the first was lost: for what changes nothing. */
  readonly read: Ask
  /** As `read`, of a row by its key. Those that are asked in one turn of the event loop share a connection and a round trip. */
  readonly look: Ask
  /** Commits when `work` resolves. `work` may run again: on a deadlock and where `retried` says so. */
  transaction<T>(work: (ask: Ask) => Promise<T>, options?: TransactionOptions): Promise<T>
}

/**
 * Connections to one database. Every commit is on the server's disk when it is reported, whatever the server's default. A
 * lost connection is replaced when the next one is needed. Foreign errors come out as a `Problem`.
 */
export interface Postgres extends Asking, AsyncDisposable {
  /** The same connections, where each transaction, also that of a single statement, has this opening. It shares the round trip of what follows. */
  openingWith(opening: Opening): Asking
  close(): Promise<void>
}

export interface PostgresOptions {
  /** 10 when absent. */
  readonly connections?: number
  /** SQL that sets a new connection up. */
  readonly settings?: string
}

const schemes = ['postgres:', 'postgresql:']
const connectTimeoutMs = 5000
const statementTimeoutMs = 5000
const lockTimeoutMs = 1000
// Longer than the server's own, which says more.
const answerTimeoutMs = 10_000
const contention = ['40001', '40P01']

const session = `
  SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') <> 'remote_apply';
  SET statement_timeout = ${statementTimeoutMs};
  SET lock_timeout = ${lockTimeoutMs};
  SET idle_in_transaction_session_timeout = ${answerTimeoutMs};
  SET timezone = 'UTC'`

/** `postgres://USER:PASSWORD@HOST:PORT/DATABASE?sslmode=…`. Connects at the first statement. Throws `Problem('invalid')` for another scheme. */
export async function openPostgres(url: string, { connections = 10, settings = '' }: PostgresOptions = {}): Promise<Postgres> {
  // Never the URL itself in a sentence: it may carry a password.
  if (!URL.canParse(url) || !schemes.includes(new URL(url).protocol))
    throw new Problem('invalid', 'A PostgreSQL is named postgres://USER:PASSWORD@HOST:PORT/DATABASE')
  const pg = await import('pg')
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    pipeline: true,
    keepAlive: true,
    allowExitOnIdle: true,
    application_name: 'clarity-loop',
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    onConnect: (client) => client.query(`${session};${settings}`).then(() => undefined),
  })
  // A connection that breaks while idle is nobody's call: the pool has dropped it, and the next call gets a new one.
  pool.on('error', () => undefined)

  let closing: Promise<void> | undefined
  const close = () => {
    closing ??= pool.end()
    return closing
  }
  const borrow: Borrow = (work) => borrowed(pool, work)
  const lent = { borrow, share: shareConnection(borrow) }
  return { ...askingOf(lent), openingWith: (opening) => askingOf(lent, opening), close, [Symbol.asyncDispose]: close }
}

function askingOf({ borrow, share }: { readonly borrow: Borrow; readonly share: Borrow }, opening?: Opening): Asking {
  const over = (use: Borrow) => (statement: Statement) =>
    translated(() => repeated({}, () => use((client) => send(client, statement, opening))))
  const ask = over(borrow)
  return {
    ask,
    read: onceMore(ask, ask),
    // Alone the second time: on one connection many may have been lost.
    look: onceMore(over(share), ask),
    transaction: (work, options = {}) => translated(() => repeated(options, () => borrow((client) => transact(client, work, opening)))),
  }
}

function onceMore(first: Ask, second: Ask): Ask {
  return (statement) =>
    first(statement).catch((error) => (error instanceof Problem && isLost(error.cause) ? second(statement) : Promise.reject(error)))
}

async function send(client: PoolClient, { text, values = [], name, timeoutMs }: Statement, opening?: Opening): Promise<Reply> {
  const config = {
    text,
    values: [...values],
    ...(name !== undefined && { name }),
    ...(timeoutMs !== undefined && { query_timeout: timeoutMs }),
  }
  const { rows, rowCount } = await (opening === undefined ? client.query(config) : queryOpened(client, opening, config))
  return { rows, count: rowCount ?? 0 }
}

async function transact<T>(client: PoolClient, work: (ask: Ask) => Promise<T>, opening: Opening | undefined): Promise<T> {
  sendTogether(client)
  const begun = client.query('BEGIN')
  const opened = opening && send(client, { text: opening.text, values: opening.values, name: `${opening.prepared}_within` })
  try {
    const [result] = await Promise.all([work((statement) => send(client, statement)), begun, opened])
    // A COMMIT behind a failed statement reports success and rolls back.
    const { command } = await client.query('COMMIT')
    if (command !== 'COMMIT') throw new Error('PostgreSQL rolled back a transaction whose statements had succeeded')
    return result
  } catch (error) {
    // Where this fails too the connection is gone, and the first error says why.
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}

/** A connection that broke, or is still within a transaction, does not go back to the others. */
async function borrowed<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  const remember = (error: Error) => {
    broken = error
  }
  client.on('error', remember)
  try {
    return await work(client)
  } finally {
    client.off('error', remember)
    client.release(broken ?? client.getTransactionStatus() !== 'I')
  }
}

async function repeated<T>({ retried = contention, attempts = 4 }: TransactionOptions, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (attempt >= attempts || !retried.includes(sqlStateOf(error))) throw error
      await delay(Math.random() * 50 * attempt)
    }
  }
}

async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asPostgresProblem(error)
  }
}
