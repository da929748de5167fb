import { formatsFor } from '../../format/format.ts'
import { Progress } from '../../parts/progress.tsx'
import { type Sending, stopSending } from '../../state/sending.ts'
import { useTexts } from '../../texts/texts.tsx'

/** How far a file is on its way: in bytes, with rate and time left. */
export function SendingProgress({ sending: { file, sent, total, rate } }: { readonly sending: Sending }) {
  const { text, locale } = useTexts()
  const { bytes, wait } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  const isSent = sent >= total
  const figures = [
    text('progress.bytes', { done: bytes(sent), total: bytes(total) }),
    ...(rate === undefined || rate <= 0 || isSent
      ? []
      : [text('progress.rate', { rate: bytes(rate) }), text('progress.left', { time: wait((total - sent) / rate) })]),
  ]
  return (
    <section className="start">
      <h1>{text('start.sending', { file })}</h1>
      <Progress
        label={text('start.sending', { file })}
        share={total === 0 ? 1 : sent / total}
        said={isSent ? text('start.checking') : figures.join(' · ')}
      />
      <button type="button" className="button" onClick={stopSending}>
        {text('start.stop')}
      </button>
    </section>
  )
}
