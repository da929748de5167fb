import type { Day } from '../../../src/model/day.ts'
import type { Evidence } from '../../../src/model/insight.ts'
import type { Reader } from '../state/person.ts'
import { nameOfMetric } from '../texts/metric-names.ts'
import { useTexts } from '../texts/texts.tsx'
import { fieldOf } from './evidence-fields.ts'
import { EvidenceSamples } from './evidence-samples.tsx'
import { NightSpans } from './night-spans.tsx'
import { UsualBar } from './usual-bar.tsx'

interface Props {
  readonly userId: string
  readonly day: Day
  readonly evidence: Evidence
  readonly reader: Reader
}

/** One number behind a sentence: its value, when, against what, by whom, and the samples. */
export function EvidenceItem({ userId, day, evidence, reader }: Props) {
  const { text, language } = useTexts()
  const { metric, value, unit, window, baseline } = evidence
  const { name: field, samples } = fieldOf(metric)
  const sources = (field === undefined ? undefined : day.provenance[field])?.sources ?? []
  const method = field === undefined ? undefined : day.methods?.[field]
  return (
    <section className="evidence">
      <h3>{nameOfMetric(metric, language)}</h3>
      <p className="evidence-value">{reader.quantity(value, unit)}</p>
      {baseline !== undefined && (
        <>
          <UsualBar evidence={evidence} baseline={baseline} reader={reader} />
          <p>
            {text('evidence.usual', {
              median: reader.quantity(baseline.median, unit),
              mad: reader.quantity(baseline.mad, unit === '{clock}' ? 'min' : unit),
            })}
            <br />
            <span className="quiet">{text('evidence.usual.over', { count: baseline.n, window: windowText(baseline.window, reader) })}</span>
          </p>
        </>
      )}
      <dl>
        <Row name={text('evidence.window')} value={spokenWindow(window)} />
        {sources.length > 0 && (
          <Row
            name={text('evidence.sources')}
            value={sources.map((source) => text('evidence.share', { name: source.name, share: reader.share(source.share) })).join(' · ')}
          />
        )}
        {method !== undefined && <Row name={text('evidence.method')} value={method} />}
      </dl>
      {samples !== undefined && <EvidenceSamples userId={userId} metric={samples} day={day} reader={reader} />}
      {field === 'sleep' && day.sleep !== undefined && <NightSpans night={day.sleep} reader={reader} />}
    </section>
  )

  function spokenWindow(said: string): string {
    if (said === 'night') return text('evidence.night')
    const days = /^(\d+)d$/.exec(said)?.[1]
    return days === undefined ? windowText(said, reader) : text('evidence.days', { count: Number(days) })
  }
}

function Row({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** `2026-10-17/2026-11-13`, or one date; anything else as it is. */
function windowText(window: string, { shortDate }: Reader): string {
  const dates = window.split('/')
  return dates.every((date) => /^\d{4}-\d\d-\d\d$/.test(date)) ? dates.map(shortDate).join(' – ') : window
}
