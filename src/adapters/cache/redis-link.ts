import { Problem } from '../../model/problem.ts'

type Sdk = typeof import('redis')
export type RedisClient = ReturnType<Sdk['createClient']>

/** One connection, from its handshake to its end; it is never mended, a new one takes its place. */
export interface Link {
  readonly client: RedisClient
  /** `run_id` and replication id: a restarted server, and a replica that took over, have others. */
  readonly memory: string | undefined
  /** Channels that this connection hears, or is about to. */
  readonly joined: Map<string, Promise<void>>
  /** Has answered a command. */
  isProven: boolean
  /** Commands in a row that were not answered in time. */
  misses: number
}

export interface Links {
  current(): Link | undefined
  /** Ends a connection that does not answer; another is tried at once and then ever more rarely. */
  drop(link: Link): void
  /** Whether `error` says that Redis is not there or refuses, and not that we did something wrong. */
  isOutage(error: unknown): boolean
  close(): void
}

const handshakeMs = 1000
const firstPauseMs = 100
const longestPauseMs = 2000

/**
 * Keeps a connection to Redis for as long as there is one to be had. Throws `Problem('invalid')` for a bad URL, and
 * `Problem('unavailable')` for credentials that the server refuses; a server that is not there is no error.
 */
export async function keepLink(url: string, onLink: (link: Link) => void): Promise<Links> {
  const sdk = await import('redis')
  let current: Link | undefined
  let timer: NodeJS.Timeout | undefined
  let pauseMs = firstPauseMs
  let isClosed = false

  async function connect(): Promise<void> {
    const client = newClient(sdk, url)
    // Without a listener an error event would end the process; what is lost is seen below.
    client.on('error', () => current?.client === client && drop(current))
    try {
      await within(handshakeMs, client.connect())
      const memory = await within(handshakeMs, memoryOf(client))
      if (isClosed || !client.isReady) throw new sdk.ClientClosedError()
      current = { client, memory, joined: new Map(), isProven: false, misses: 0 }
    } catch (error) {
      client.destroy()
      throw error
    }
    onLink(current)
  }

  function drop(link: Link): void {
    link.client.destroy()
    if (current !== link) return
    current = undefined
    // One that never answered was no sign of recovery.
    if (link.isProven) pauseMs = firstPauseMs
    retry()
  }

  function retry(): void {
    if (isClosed) return
    // Whatever keeps us from connecting comes from outside and may pass.
    timer = setTimeout(() => connect().catch(retry), pauseMs).unref()
    pauseMs = Math.min(2 * pauseMs, longestPauseMs)
  }

  function close(): void {
    isClosed = true
    clearTimeout(timer)
    current?.client.destroy()
    current = undefined
  }

  await connect().catch((cause: unknown) => {
    if (cause instanceof Problem) throw cause
    if (isRefusal(cause)) throw new Problem('unavailable', 'Redis refuses the credentials in its URL', { cause })
    retry()
  })
  return { current: () => current, drop, isOutage: (error) => isOutage(sdk, error), close }
}

function newClient(sdk: Sdk, url: string): RedisClient {
  try {
    return sdk.createClient({
      url,
      // Nothing is sent again: a command that ran twice, once of them late, could bring back what was replaced.
      disableOfflineQueue: true,
      socket: { reconnectStrategy: false, connectTimeout: handshakeMs },
      disableClientInfo: true,
      maintNotifications: 'disabled',
    })
  } catch (cause) {
    throw new Problem('invalid', 'A Redis cache is named redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE], or rediss:// with TLS', { cause })
  }
}

/** Undefined where the server does not say: then it may serve as anything but a memory of documents. */
async function memoryOf(client: RedisClient): Promise<string | undefined> {
  const said = await client.info()
  const run = /^run_id:(\w+)/m.exec(said)?.[1]
  const replication = /^master_replid:(\w+)/m.exec(said)?.[1]
  return run === undefined || replication === undefined ? undefined : `${run}.${replication}`
}

export class LateError extends Error {
  override readonly name = 'LateError'
}

/** Rejects with `LateError` when `work` takes longer. */
export async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    // After a pause of this process timers fire before replies are read that have long been there: those are read first.
    timer = setTimeout(() => setImmediate(() => reject(new LateError(`No answer from Redis in ${ms} ms`))), ms)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function isOutage(sdk: Sdk, error: unknown): boolean {
  const foreign = [
    sdk.ErrorReply,
    sdk.ClientClosedError,
    sdk.ClientOfflineError,
    sdk.DisconnectsClientError,
    sdk.SocketClosedUnexpectedlyError,
    sdk.ConnectionTimeoutError,
  ]
  return foreign.some((kind) => error instanceof kind) || (error instanceof Error && 'syscall' in error)
}

function isRefusal(error: unknown): boolean {
  return error instanceof Error && /^(?:WRONGPASS|NOAUTH|NOPERM|ERR (?:AUTH|invalid password|DB index))/.test(error.message)
}
