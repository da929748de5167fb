import type { Firestore, Settings } from '@google-cloud/firestore'
import { Problem, type ProblemCode } from '../../model/problem.ts'

/** What of the client's package makes values. */
export type Sdk = Pick<typeof import('@google-cloud/firestore'), 'FieldPath' | 'FieldValue' | 'Firestore'>

export interface FirestoreOptions {
  /** Another way to the client than by the environment. */
  readonly connect?: (settings: Settings) => Firestore
  /** After so long a call is given up as `unavailable`; 20 s when absent. */
  readonly patienceMs?: number
}

/** A client whose calls end in time and fail as Problems. */
export interface FirestoreLine {
  readonly client: Firestore
  readonly sdk: Sdk
  readonly patienceMs: number
  run<T>(work: () => Promise<T>): Promise<T>
  /** Waits for the calls under way. */
  close(): Promise<void>
}

/** `firestore://PROJECT[/DATABASE]`, by application default credentials, or the emulator of `FIRESTORE_EMULATOR_HOST`. */
export async function openFirestore(url: string, options: FirestoreOptions): Promise<FirestoreLine> {
  const [, projectId, databaseId] = /^firestore:\/\/([a-z0-9.:-]+)(?:\/([a-z0-9()-]+))?$/.exec(url) ?? []
  if (projectId === undefined)
    throw new Problem('invalid', 'A Firestore store is named firestore://PROJECT or firestore://PROJECT/DATABASE')
  const sdk = await import('@google-cloud/firestore')
  const { patienceMs = 20_000, connect = (settings: Settings) => new sdk.Firestore(settings) } = options
  const client = connect({ projectId, ...(databaseId !== undefined && { databaseId }), clientConfig: timeouts(patienceMs / 2) })
  return { client, sdk, patienceMs, ...callsOf(client, patienceMs) }
}

/** The client's own would repeat for ten minutes. A commit is repeated by us, who know whether it was made. */
function timeouts(timeoutMs: number): object {
  const method = { timeout_millis: timeoutMs, retry_params_name: 'default' }
  const reading = { ...method, retry_codes_name: 'reading' }
  return {
    interfaces: {
      'google.firestore.v1.Firestore': {
        retry_codes: { never: [], reading: ['DEADLINE_EXCEEDED', 'INTERNAL', 'UNAVAILABLE'] },
        retry_params: {
          default: {
            initial_retry_delay_millis: 100,
            retry_delay_multiplier: 1.3,
            max_retry_delay_millis: 1000,
            initial_rpc_timeout_millis: timeoutMs,
            rpc_timeout_multiplier: 1,
            max_rpc_timeout_millis: timeoutMs,
            total_timeout_millis: timeoutMs,
          },
        },
        methods: { Commit: { ...method, retry_codes_name: 'never' }, BatchGetDocuments: reading, RunQuery: reading },
      },
    },
  }
}

function callsOf(client: Firestore, patienceMs: number): Pick<FirestoreLine, 'run' | 'close'> {
  const underWay = new Set<Promise<unknown>>()
  let closed: Promise<void> | undefined

  async function run<T>(work: () => Promise<T>): Promise<T> {
    if (closed !== undefined) throw new Problem('unavailable', 'The document store is closed')
    const call = work()
    const ended = settled(call)
    underWay.add(ended)
    void ended.then(() => underWay.delete(ended))
    try {
      return await Promise.race([call, givenUp(call, patienceMs)])
    } catch (error) {
      throw asFirestoreProblem(error)
    }
  }

  // A client that is terminated below a call under way rejects where nobody can catch it.
  async function end(): Promise<void> {
    const ended = Promise.all(underWay).then(() => client.terminate())
    await Promise.race([ended, after(patienceMs, ended)])
  }

  return { run, close: () => (closed ??= end()) }
}

async function givenUp(call: Promise<unknown>, ms: number): Promise<never> {
  await after(ms, call)
  throw new Problem('unavailable', 'Firestore does not answer')
}

/** The timer keeps no process alive, and is taken away once `unless` has ended. */
function after(ms: number, unless: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms).unref()
    void settled(unless).then(() => clearTimeout(timer))
  })
}

async function settled(call: Promise<unknown>): Promise<void> {
  await Promise.allSettled([call])
}

// Status codes of gRPC (grpc.io/docs/guides/status-codes).
const failures: Readonly<Record<number, readonly [ProblemCode, string]>> = {
  1: ['unavailable', 'The call to Firestore was broken off'],
  4: ['unavailable', 'Firestore did not answer in time'],
  5: ['unavailable', 'Firestore has no such database'],
  7: ['unavailable', 'Firestore gives these credentials no permission'],
  8: ['unavailable', 'The quota of Firestore is used up'],
  9: ['unavailable', 'Firestore lacks an index: deploy firestore.indexes.json to a database in native mode'],
  10: ['unavailable', 'Too many change these documents at once'],
  13: ['unavailable', 'Firestore reported an error of its own'],
  14: ['unavailable', 'Firestore cannot be reached'],
  16: ['unavailable', 'Firestore does not know these credentials'],
}

export function statusOf(error: unknown): number {
  return error instanceof Error && 'code' in error ? Number(error.code) : 0
}

/** What Firestore or its client said, as a `Problem`; any other error as it is. */
export function asFirestoreProblem(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const status = statusOf(error)
  const failure = isTooLarge(status, error.message) ? tooLarge : (failures[status] ?? credentialFailure(error.message))
  return failure === undefined ? error : new Problem(failure[0], failure[1], { cause: error })
}

export const tooLarge = ['invalid', 'More than Firestore takes: a document is at most 1 MiB, a batch 10 MiB'] as const

function isTooLarge(status: number, message: string): boolean {
  return (status === 3 && /too (big|large)|larger|longer|exceeds/i.test(message)) || (status === 8 && /larger than/i.test(message))
}

function credentialFailure(message: string): readonly [ProblemCode, string] | undefined {
  return /default credentials|project id/i.test(message) ? ['unavailable', 'There are no credentials for Firestore here'] : undefined
}
