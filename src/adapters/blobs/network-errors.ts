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
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
])
const passingStatuses = new Set([408, 425, 429, 500, 502, 503, 504])

export interface Refusal {
  /** HTTP's, or undefined where there was no answer. */
  readonly status: number | undefined
  readonly code: string
}

/** Worth sending again: the store did not answer, or said that it could not now. */
export function isPassing({ status, code }: Refusal): boolean {
  return status === undefined ? silences.has(code) : passingStatuses.has(status)
}

/** What every kind of object store says with these numbers; undefined where they say nothing. */
export function asRefusal(refusal: Refusal, cause: unknown): Problem | undefined {
  const { status, code } = refusal
  if (status === 507) return new Problem('storage_full', 'The object store has no space left', { cause })
  if (isPassing(refusal) || (status ?? 0) >= 500)
    return new Problem('unavailable', `The object store does not answer (${code || status})`, { cause })
  if (status === 401 || status === 403) {
    return new Problem('unavailable', `The object store refuses these credentials (${code || status})`, { cause })
  }
  return undefined
}

export interface Watch {
  readonly signal: AbortSignal
  /** From now on the store is the one to act. */
  begin(): void
  /** It acted, and goes on. */
  renew(): void
  end(): void
  /** Throws what happened: silence, where that was it. */
  explain(error: unknown): never
}

/** Aborts what is under way when the store keeps us waiting. */
export function openWatch(limitMs: number): Watch {
  const ending = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  function end(): void {
    clearTimeout(timer)
    timer = undefined
  }
  function begin(): void {
    end()
    timer = setTimeout(() => ending.abort(silent(limitMs)), limitMs)
  }
  return {
    signal: ending.signal,
    begin,
    renew: () => timer !== undefined && begin(),
    end,
    explain(error) {
      throw ending.signal.aborted ? ending.signal.reason : error
    },
  }
}

/** Rejects as `unavailable` when `work` takes longer; `giveUp` may end it. */
export async function within<T>(limitMs: number, work: Promise<T>, giveUp: () => void = () => {}): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(silent(limitMs))
      giveUp()
    }, limitMs)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

function silent(limitMs: number): Problem {
  return new Problem('unavailable', `The object store was silent for ${limitMs} ms`)
}
