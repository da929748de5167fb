import type { Tally } from '../../../../src/model/monitoring.ts'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { useLive } from './live.ts'
import { loadMonitoring, MONITORING } from './monitored.ts'
import type { OperatorProps } from './operator.tsx'

const statuses = ['pending', 'processing', 'completed', 'failed', 'cancelled'] as const
const adapters = ['documents', 'blobs', 'warehouse', 'cache', 'narrator'] as const

/** What runs here, and how much of everything there is now. */
export function MonitoringPart({ formats }: OperatorProps) {
  const { text } = useTexts()
  const found = useLoaded(MONITORING, loadMonitoring)
  useLive(MONITORING)
  // Counting stops at the first thousand.
  const spoken = ({ count, isAll }: Tally) => (isAll ? formats.number(count) : text('monitoring.atLeast', { count }))
  return (
    <>
      <PartHead title={text('operator.monitoring')} text={text('monitoring.text')} />
      <WhenLoaded loaded={found}>
        {({ version, runtime, adapters: used, counts }) => (
          <>
            <div className="cards cards-small">
              <Figure title={text('monitoring.people')} value={spoken(counts.users)} />
              <Figure title={text('monitoring.outbox')} value={spoken(counts.outbox)} />
              <Figure title={text('monitoring.version')} value={version} about={runtime} />
            </div>
            <section className="panel" aria-labelledby="monitoring-jobs">
              <h3 id="monitoring-jobs">{text('operator.jobs')}</h3>
              <dl className="figures">
                {statuses.map((status) => (
                  <div key={status}>
                    <dt>{text(`status.${status}`)}</dt>
                    <dd>{spoken(counts.jobs[status])}</dd>
                  </div>
                ))}
              </dl>
            </section>
            <section className="panel" aria-labelledby="monitoring-stores">
              <h3 id="monitoring-stores">{text('monitoring.stores')}</h3>
              <dl className="facts">
                {adapters.map((name) => (
                  <div key={name}>
                    <dt>{text(`monitoring.${name}`)}</dt>
                    <dd>{used[name]}</dd>
                  </div>
                ))}
              </dl>
            </section>
          </>
        )}
      </WhenLoaded>
    </>
  )
}

interface FigureProps {
  readonly title: string
  readonly value: string
  readonly about?: string
}

function Figure({ title, value, about }: FigureProps) {
  return (
    <section className="card" aria-label={title}>
      <h2>{title}</h2>
      <p className="card-figure">{value}</p>
      {about !== undefined && <p className="quiet">{about}</p>}
    </section>
  )
}
