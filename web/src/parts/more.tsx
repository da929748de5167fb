import { useEffect, useRef, useState } from 'react'
import type { Loaded } from '../state/store.ts'
import { useTexts } from '../texts/texts.tsx'

const FIRST_STEPS = [50, 200] as const
const LATER_STEP = 1000

/** How many of a list are asked for: more each time. */
export function useLimit(): readonly [limit: number, more: () => void] {
  const [step, setStep] = useState(0)
  const limit = FIRST_STEPS[step] ?? LATER_STEP * (step + 1 - FIRST_STEPS.length)
  return [limit, () => setStep(step + 1)]
}

export interface Growing<T> {
  readonly list: Loaded<T>
  /** More is on its way. */
  readonly isGrowing: boolean
}

/** A list that stays while more of it is on its way; `of` says which list it is. */
export function useGrowing<T>(of: string, loaded: Loaded<T>): Growing<T> {
  const [last, setLast] = useState({ of, loaded })
  if (loaded.state !== 'loading' && (last.loaded !== loaded || last.of !== of)) setLast({ of, loaded })
  const isGrowing = loaded.state === 'loading' && last.of === of && last.loaded.state === 'ready'
  return { list: isGrowing ? last.loaded : loaded, isGrowing }
}

interface Props {
  readonly hasMore: boolean
  readonly isGrowing: boolean
  readonly onMore: () => void
}

/** Asks for more of the list before it, where there is more. The first row that comes has the focus then: what is new begins there. */
export function More({ hasMore, isGrowing, onMore }: Props) {
  const { text } = useTexts()
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef<number>(undefined)
  useEffect(() => {
    if (isGrowing || shown.current === undefined) return
    const row = rowsBefore(place.current)[shown.current]
    shown.current = undefined
    if (row === undefined) return
    row.tabIndex = -1
    row.focus()
  }, [isGrowing])
  const ask = () => {
    if (isGrowing) return
    shown.current = rowsBefore(place.current).length
    onMore()
  }
  return (
    <div ref={place}>
      {hasMore && (
        <button type="button" className="button" aria-disabled={isGrowing} onClick={ask}>
          {text(isGrowing ? 'app.loading' : 'part.more')}
        </button>
      )}
    </div>
  )
}

/** Of a list or of a table. */
function rowsBefore(place: HTMLElement | null): readonly HTMLElement[] {
  return [...(place?.previousElementSibling?.querySelectorAll<HTMLElement>(':scope > li, tbody > tr') ?? [])]
}
