import { useState } from 'react'
import { useTexts } from '../texts/texts.tsx'

const STEPS = [50, 200, 1000] as const

/** How many of a list are asked for: more each time, up to what the server gives at once. */
export function useLimit(): readonly [limit: number, more: (() => void) | undefined] {
  const [step, setStep] = useState(0)
  const more = step + 1 < STEPS.length ? () => setStep(step + 1) : undefined
  return [STEPS[step] ?? STEPS[0], more]
}

/** Asks for more of a list, where there is more. */
export function More({ hasMore, onMore }: { readonly hasMore: boolean; readonly onMore: (() => void) | undefined }) {
  const { text } = useTexts()
  if (!hasMore) return null
  if (onMore === undefined) return <p className="quiet">{text('part.notAll')}</p>
  return (
    <button type="button" className="button" onClick={onMore}>
      {text('part.more')}
    </button>
  )
}
