import { Problem } from '../../model/problem.ts'

/** No answer: the connection was not made, broke, or fell silent. */
const silences = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
])
const busyStatuses = new Set([408, 425, 429])

export interface Refusal {
  /** HTTP's, or undefined where there was no answer. */
  readonly status: number | undefined
  readonly code: string
}

/** Worth sending again: the store did not answer, or said that it could not now. */
export function isPassing({ status, code }: Refusal): boolean {
  return status === undefined ? silences.has(code) : status >= 500 || busyStatuses.has(status)
}

/** What every kind of object store says with these numbers; undefined where they say nothing. */
export function asRefusal(refusal: Refusal, cause: unknown): Problem | undefined {
  const { status, code } = refusal
  if (status === 507) return new Problem('storage_full', 'The object store has no space left', { cause })
  if (isPassing(refusal)) return new Problem('unavailable', `The object store does not answer (${code || status})`, { cause })
  if (status === 401 || status === 403) {
    return new Problem('unavailable', `The object store refuses these credentials (${code || status})`, { cause })
  }
  return undefined
}

/** Rejects as `unavailable` when `work` takes longer; `giveUp` is to end it. */
export async function within<T>(limitMs: number, work: Promise<T>, giveUp: () => void): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Problem('unavailable', `The object store was silent for ${limitMs} ms`))
      giveUp()
    }, limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
