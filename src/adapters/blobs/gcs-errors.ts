import { Problem } from '../../model/problem.ts'
import { asRefusal, isPassing, type Refusal } from './network-errors.ts'

/** What the client and Cloud Storage behind it say, as a `Problem`; any other error as it is. */
export function asGcsProblem(error: unknown): unknown {
  if (error instanceof Problem) return error
  const refusal = refusalOf(error)
  if (refusal.code === 'FILE_NO_UPLOAD_DELETE') {
    return new Problem('storage_corrupt', 'Cloud Storage does not keep an object as it was sent', { cause: error })
  }
  // Bytes changed on their way; the client took the object away again.
  if (refusal.code === 'FILE_NO_UPLOAD') {
    return new Problem('unavailable', 'Cloud Storage did not get an object as it was sent', { cause: error })
  }
  if (isWithoutCredentials(error)) return new Problem('unavailable', 'There are no credentials for Cloud Storage', { cause: error })
  if (hasGivenUp(error)) return new Problem('unavailable', 'Cloud Storage does not answer', { cause: error })
  return asRefusal(refusal, error) ?? error
}

/** Whether the client is to send the request again. */
export function isRetried(error: unknown): boolean {
  return isPassing(refusalOf(error))
}

export function gcsStatusOf(error: unknown): number | undefined {
  return refusalOf(error).status
}

export async function translated<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw asGcsProblem(error)
  }
}

/** The client's errors have the status as `code`; those of a fetch have what happened as their cause. */
function refusalOf(error: unknown): Refusal {
  const { code, status, cause } = (error ?? {}) as { code?: unknown; status?: unknown; cause?: { code?: unknown } }
  const found = [code, status].map(Number).find((number) => number >= 400 && number < 600)
  const word = [code, cause?.code].find((said) => typeof said === 'string' && Number.isNaN(Number(said)))
  return { status: found, code: typeof word === 'string' ? word : '' }
}

function isWithoutCredentials(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Could not load the default credentials')
}

/** An upload in parts that failed too often, or of which the store has lost a part, is told by its sentence only. */
function hasGivenUp(error: unknown): boolean {
  return error instanceof Error && /^(Retry (total time )?limit exceeded|The offset is lower than)/.test(error.message)
}
