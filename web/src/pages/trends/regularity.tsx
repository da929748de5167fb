import { useCallback, useMemo } from 'react'
import { shifted } from '../../format/zoned.ts'
import { Chart } from '../../parts/chart.tsx'
import type { Palette } from '../../parts/palette.ts'
import { WhenLoaded } from '../../parts/states.tsx'
import { TableOf } from '../../parts/table.tsx'
import { client } from '../../state/client.ts'
import { keysOf } from '../../state/feed.ts'
import type { Reader } from '../../state/person.ts'
import { useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { drawNights } from './regularity-chart.ts'
import { type NightRow, nightsOf, usualOf } from './regularity-nights.ts'

const NIGHTS = 30
const ROW = 13

interface Props {
  readonly userId: string
  readonly latest: string
  readonly reader: Reader
}

/** Thirty nights below each other, by the clock of where the person was. */
export function RegularitySection({ userId, latest, reader }: Props) {
  const { text } = useTexts()
  const from = shifted(latest, 1 - NIGHTS)
  const loadDays = useCallback(
    async () => (await client.listDays({ params: { userId }, query: { from, to: latest, limit: NIGHTS } })).body.data,
    [userId, from, latest],
  )
  const loadInsight = useCallback(
    async () => (await client.listInsights({ params: { userId }, query: { limit: 1 } })).body.data[0]?.data.circadianAnalysis,
    [userId],
  )
  const days = useLoaded(keysOf.days(userId, `nights/${from}/${latest}`), loadDays)
  const rhythm = useLoaded(keysOf.insight(userId, 'rhythm'), loadInsight)
  const index = rhythm.state === 'ready' ? rhythm.value?.sleepRegularity : undefined
  return (
    <section className="panel" aria-labelledby="regularity-title">
      <header className="panel-head">
        <h2 id="regularity-title">{text('regularity.title')}</h2>
        {index !== undefined && <p title={text('regularity.index.text')}>{text('regularity.index', { index: reader.number(index) })}</p>}
      </header>
      <WhenLoaded loaded={days}>
        {(found) => <Nights nights={nightsOf(found, from, NIGHTS)} key={found.map(({ revision }) => revision).join()} reader={reader} />}
      </WhenLoaded>
    </section>
  )
}

function Nights({ nights: made, reader }: { readonly nights: readonly NightRow[]; readonly reader: Reader }) {
  const { text } = useTexts()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the nights are other ones under another key.
  const nights = useMemo(() => made, [])
  const usual = useMemo(() => usualOf(nights), [nights])
  const draw = useCallback(
    (palette: Palette, width: number) => drawNights(palette, width, { nights, usual, text, reader }),
    [nights, usual, text, reader],
  )
  if (usual === undefined) return <p className="quiet">{text('regularity.none')}</p>
  return (
    <>
      <p className="quiet">
        {text('regularity.usual', { asleep: reader.quantity(usual.onset, '{clock}'), awake: reader.quantity(usual.wake, '{clock}') })}
      </p>
      <Chart label={text('regularity.chart')} height={NIGHTS * ROW + 36} draw={draw} />
      <ul className="legend">
        {(['asleep', 'awake'] as const).map((state) => (
          <li key={state}>
            <i className={`night-${state}`} /> {text(`regularity.${state}`)}
          </li>
        ))}
      </ul>
      <TableOf
        caption={text('regularity.chart')}
        head={[text('regularity.night'), text('regularity.from'), text('regularity.to'), text('night.asleep')]}
        rows={nights
          .toReversed()
          .map(({ date, onset, wake, asleepMinutes }) => [
            reader.fullDate(date),
            onset === undefined ? text('regularity.notRecorded') : reader.quantity(onset, '{clock}'),
            wake === undefined ? '–' : reader.quantity(wake, '{clock}'),
            asleepMinutes === undefined ? '–' : reader.duration(asleepMinutes),
          ])}
      />
    </>
  )
}
