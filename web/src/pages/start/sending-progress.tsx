import { formatsFor } from '../../format/format.ts'
import { Progress } from '../../parts/progress.tsx'
import type { Sending } from '../../sending/errand.ts'
import { stopSending } from '../../state/sending.ts'
import { useTexts } from '../../texts/texts.tsx'
import { useFigures } from './figures.ts'

interface Props {
  readonly sending: Sending
  /** The page itself sends it: then it must stay. */
  readonly isHere: boolean
}

/** How far a file is on its way: in bytes, with rate and time left. */
export function SendingProgress({ sending: { file, sent, total, rate, isWaiting }, isHere }: Props) {
  const { text, locale } = useTexts()
  const { bytes } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  const figures = useFigures({ done: sent, total, rate }, bytes)
  const said = sent >= total ? text('start.checking') : figures
  return (
    <section className="start">
      <h1>{text('start.sending', { file })}</h1>
      <Progress label={text('start.sending', { file })} share={total === 0 ? 1 : sent / total} said={said} />
      {isWaiting && (
        <p className="notice" role="status">
          {text('start.waiting')}
        </p>
      )}
      <p className="quiet">{text(isHere ? 'start.stay' : 'start.mayReload')}</p>
      <button type="button" className="button" onClick={() => void stopSending().catch(reportError)}>
        {text('start.stop')}
      </button>
    </section>
  )
}
