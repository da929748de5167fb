import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { go, searchWith } from '../../router.ts'
import type { Gestures } from './gestures.ts'
import { spanWords } from './place.ts'
import { moved, type Span, within, zoomed } from './span.ts'

/** So long nothing moves before the address says where one is and detail is asked for. */
const STILL_MS = 160

export interface MovingSpan {
  /** What is seen at this moment. */
  readonly seen: Span
  /** Shows a span at once. */
  readonly show: (span: Span) => void
  /** The same functions as long as the page is. */
  readonly gestures: Gestures
}

/** The span of the address, and on top of it the one that hands are moving. */
export function useSpan(settled: Span, whole: Span): MovingSpan {
  const [moving, setMoving] = useState<Span>()
  const now = useRef({ seen: settled, whole })
  useEffect(() => {
    // While hands move they are ahead of what is shown.
    if (moving === undefined) now.current = { seen: settled, whole }
  }, [moving, settled, whole])
  const show = useCallback((span: Span) => {
    setMoving(undefined)
    go(searchWith(new URLSearchParams(location.search), spanWords(within(span, now.current.whole))), { isInstead: true })
  }, [])
  useEffect(() => {
    if (moving === undefined) return undefined
    const timer = setTimeout(() => show(moving), STILL_MS)
    return () => clearTimeout(timer)
  }, [moving, show])
  const gestures = useMemo(() => {
    const change = (next: (seen: Span) => Span) => {
      const { seen, whole: all } = now.current
      const span = within(next(seen), all)
      now.current = { seen: span, whole: all }
      setMoving(span)
    }
    return {
      zoom: (factor: number, atShare: number) => change((seen) => zoomed(seen, factor, seen.fromMs + atShare * (seen.toMs - seen.fromMs))),
      move: (share: number) => change((seen) => moved(seen, share)),
    }
  }, [])
  return { seen: moving ?? settled, show, gestures }
}
