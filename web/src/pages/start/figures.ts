import { formatsFor } from '../../format/format.ts'
import { useTexts } from '../../texts/texts.tsx'

interface Way {
  readonly done: number
  readonly total: number
  /** A second; undefined where it cannot be said. */
  readonly rate: number | undefined
}

/** How much of how much, how fast, how long still: in words, as far as it is known. `amount` writes one of what is counted. */
export function useFigures({ done, total, rate }: Way, amount: (value: number) => string): string {
  const { text, locale } = useTexts()
  const { wait } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  const figures = [text('progress.bytes', { done: amount(done), total: amount(total) })]
  if (rate !== undefined && rate > 0 && done < total)
    figures.push(text('progress.rate', { rate: amount(rate) }), text('progress.left', { time: wait((total - done) / rate) }))
  return figures.join(' · ')
}
