import { type FormEvent, useState } from 'react'
import type { Grant } from '../../../../src/model/access.ts'
import { metricNames } from '../../../../src/model/metrics.ts'
import { boundsOf } from '../../format/zoned.ts'
import { ActionError, Field } from '../../parts/action.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { refresh } from '../../state/store.ts'
import { nameOfMetric } from '../../texts/metric-names.ts'
import { useTexts } from '../../texts/texts.tsx'
import { Choices } from './choices.tsx'

const resources = ['profile', 'sessions', 'days', 'insights', 'trends'] as const satisfies readonly NonNullable<
  Grant['resources']
>[number][]
type Resource = (typeof resources)[number]
/** Of these some metrics can be told and others not. */
const ofMetrics: readonly Resource[] = ['sessions', 'days']

/** Lets somebody see or change something. A date is of the person's zone, and included. */
export function GrantForm({ userId, zone }: { readonly userId: string; readonly zone: string }) {
  const { text, language } = useTexts()
  const [who, setWho] = useState('')
  const [access, setAccess] = useState<Grant['access']>('read')
  const [what, setWhat] = useState<ReadonlySet<Resource>>(new Set(['days', 'insights']))
  const [metrics, setMetrics] = useState<ReadonlySet<(typeof metricNames)[number]>>(new Set())
  const [until, setUntil] = useState('')
  const { isBusy, error, act } = useActing()
  const offered = metrics.size > 0 ? ofMetrics : resources
  const seen = new Set(offered.filter((each) => what.has(each)))
  const give = (event: FormEvent) => {
    event.preventDefault()
    act(async () => {
      const ends = until === '' ? undefined : new Date(boundsOf(until, zone)[1]).toISOString()
      const limits = {
        resources: [...seen],
        ...(metrics.size > 0 && { metrics: [...metrics] }),
        ...(ends !== undefined && { until: ends }),
      }
      await client.grantPermission({ params: { userId }, body: { granteeId: who.trim(), access, ...limits } })
      setWho('')
      refresh(`${userId}/permissions`)
    })
  }
  return (
    <form className="panel form" aria-labelledby="grant-title" onSubmit={give}>
      <h3 id="grant-title">{text('sharing.new')}</h3>
      <div className="fields">
        <Field label={text('sharing.who')} hint={text('sharing.who.text')}>
          <input className="input" required value={who} onChange={({ target }) => setWho(target.value)} autoComplete="off" />
        </Field>
        <Field label={text('sharing.may')}>
          <select value={access} onChange={({ target }) => setAccess(target.value === 'write' ? 'write' : 'read')}>
            <option value="read">{text('sharing.read')}</option>
            <option value="write">{text('sharing.write')}</option>
          </select>
        </Field>
        <Field label={text('sharing.lastDay')} hint={text('sharing.lastDay.text')}>
          <input type="date" value={until} onChange={({ target }) => setUntil(target.value)} />
        </Field>
      </div>
      <Choices
        title={text('sharing.what')}
        names={resources}
        nameOf={(each) => text(`resource.${each}`)}
        chosen={what}
        onChange={setWhat}
      />
      <details className="as-table">
        <summary>{metrics.size === 0 ? text('sharing.metrics.all') : text('sharing.metrics.some', { count: metrics.size })}</summary>
        <Choices
          title={text('sharing.metrics')}
          names={metricNames}
          nameOf={(each) => nameOfMetric(each, language)}
          chosen={metrics}
          onChange={setMetrics}
        />
      </details>
      <ActionError error={error} />
      <button type="submit" className="button button-first" disabled={isBusy || who.trim() === '' || seen.size === 0}>
        {text('sharing.give')}
      </button>
    </form>
  )
}
