import type { TrendType } from '../../../../src/model/user-trend.ts'
import { go } from '../../router.ts'
import { useTexts } from '../../texts/texts.tsx'
import { trendTypes } from './period.ts'

interface Props {
  readonly type: TrendType
  readonly hrefOf: (type: TrendType) => string
}

/** Weeks, months or quarters. The choice stands in the address. */
export function PeriodLinks({ type, hrefOf }: Props) {
  const { text } = useTexts()
  return (
    <fieldset className="choice">
      <legend className="unseen">{text('trends.by')}</legend>
      {trendTypes.map((each) => (
        <button key={each} type="button" aria-pressed={each === type} onClick={() => go(hrefOf(each), { isInstead: true })}>
          {text(`trends.${each}`)}
        </button>
      ))}
    </fieldset>
  )
}
