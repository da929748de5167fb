import { useCallback } from 'react'
import type { Day, Night } from '../../../../src/model/day.ts'
import { Chart } from '../../parts/chart.tsx'
import { NightSpans } from '../../parts/night-spans.tsx'
import type { Reader } from '../../state/person.ts'
import { type Series, sourceNames, useSeries } from '../../state/series.ts'
import { type Text, useTexts } from '../../texts/texts.tsx'
import { drawNight } from './night-chart.ts'

interface Props {
  readonly userId: string
  readonly day: Day
  readonly reader: Reader
}

/** The sleep that ended on the day: stages with the heart under them, who says so, and whether a model agrees. */
export function NightSection({ userId, day, reader }: Props) {
  const { text } = useTexts()
  const { sleep } = day
  return (
    <section className="panel" aria-labelledby="night-title">
      <header className="panel-head">
        <h2 id="night-title">{text('night.title')}</h2>
        {sleep !== undefined && (
          <p>{text('night.from', { from: reader.clock(Date.parse(sleep.onset)), to: reader.clock(Date.parse(sleep.wake)) })}</p>
        )}
      </header>
      {sleep === undefined ? <p>{text('night.none')}</p> : <Slept userId={userId} day={day} sleep={sleep} reader={reader} />}
    </section>
  )
}

function Slept({ userId, day, sleep, reader }: Props & { readonly sleep: Night }) {
  const { text } = useTexts()
  const [fromMs, toMs] = [Date.parse(sleep.onset), Date.parse(sleep.wake)]
  const heart = useSeries(userId, { metric: 'heart_rate', fromMs, toMs, resolution: '5min' })
  const beats = heart.state === 'ready' ? heart.value.data : none
  const draw = useCallback(
    (palette: Parameters<typeof drawNight>[0], width: number) => drawNight(palette, width, { sleep, beats, text, reader }),
    [sleep, beats, text, reader],
  )
  const hasSpans = (sleep.spans ?? []).length > 0
  return (
    <>
      <dl className="figures">
        {nightFigures(sleep, text, reader).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {(hasSpans || beats.length > 0) && <Chart label={text('night.chart')} height={hasSpans ? 330 : 180} draw={draw} />}
      {sleep.stagesMinutes !== undefined && <StageShares stages={sleep.stagesMinutes} awake={sleep.awakeMinutes} reader={reader} />}
      <p className="quiet">
        {methodText(day, sleep, text)} {agreementText(sleep, text, reader)}
      </p>
      <NightSpans night={sleep} reader={reader} />
    </>
  )
}

const none: Series['data'] = []

function nightFigures(sleep: Night, text: Text, { duration, share }: Reader): readonly (readonly [string, string])[] {
  const figures: readonly (readonly [string, string | undefined])[] = [
    [text('night.asleep'), duration(sleep.asleepMinutes)],
    [text('night.inBed'), sleep.inBedMinutes === undefined ? undefined : duration(sleep.inBedMinutes)],
    [text('night.awake'), duration(sleep.awakeMinutes)],
    [text('night.latency'), sleep.onsetLatencyMinutes === undefined ? undefined : duration(sleep.onsetLatencyMinutes)],
    [text('night.efficiency'), sleep.efficiency === undefined ? undefined : share(sleep.efficiency)],
  ]
  return figures.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
}

const stageNames = ['deep', 'light', 'rem', 'unspecified'] as const

function StageShares({
  stages,
  awake,
  reader,
}: {
  readonly stages: NonNullable<Night['stagesMinutes']>
  readonly awake: number
  readonly reader: Reader
}) {
  const { text } = useTexts()
  const parts = [...stageNames.map((name) => ({ name, minutes: stages[name] })), { name: 'awake' as const, minutes: awake }].filter(
    ({ minutes }) => minutes > 0,
  )
  return (
    <div>
      <div className="shares" aria-hidden="true">
        {parts.map(({ name, minutes }) => (
          <span key={name} className={`stage-${name}`} style={{ flexGrow: minutes }} />
        ))}
      </div>
      <ul className="legend">
        {parts.map(({ name, minutes }) => (
          <li key={name}>
            <i className={`stage-${name}`} /> <strong>{text(`stage.${name}`)}</strong> {reader.duration(minutes)}
          </li>
        ))}
      </ul>
    </div>
  )
}

function methodText(day: Day, { method, methodVersion, source }: Night, text: Text): string {
  const name = sourceNames(day).get(source) ?? source
  switch (method) {
    case 'device_stages':
    case 'device_sleep':
      return text(`night.method.${method}`, { source: name })
    case 'cole_kripke':
      return text('night.method.cole_kripke')
    default:
      return text('night.method.model', { model: `${method} ${methodVersion}` })
  }
}

function agreementText({ agreement, method, confidence }: Night, text: Text, { share, number }: Reader): string {
  if (agreement !== undefined) {
    const { model, version, accuracy, epochs, kappa } = agreement
    const said = text('night.agreement', { model: `${model} ${version}`, share: share(accuracy), epochs })
    return kappa === undefined ? said : `${said} ${text('night.agreement.kappa', { kappa: number(kappa, 2) })}`
  }
  if (method.startsWith('device')) return text('night.agreement.none')
  return confidence === undefined ? '' : text('night.model.confidence', { share: share(confidence) })
}
