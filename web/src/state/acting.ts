import { useState } from 'react'
import { leaveIfSignedOut } from './signed-out.ts'

export interface Acting {
  readonly isBusy: boolean
  /** Of the last that was done; undefined where it went well. */
  readonly error: unknown
  /** Does one thing at a time; what comes meanwhile is let go. */
  act(work: () => Promise<void>): void
}

/** Something that a person does here, and what became of it. */
export function useActing(): Acting {
  const [isBusy, setIsBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  return {
    isBusy,
    error,
    act(work) {
      if (isBusy) return
      setIsBusy(true)
      setError(undefined)
      work()
        .catch((failure: unknown) => {
          leaveIfSignedOut(failure)
          setError(failure)
        })
        .finally(() => setIsBusy(false))
    },
  }
}
