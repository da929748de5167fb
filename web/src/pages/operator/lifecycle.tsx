import { type FormEvent, useState } from 'react'
import { boundsOf } from '../../format/zoned.ts'
import { ActionError, Field } from '../../parts/action.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { useJob } from '../../state/job.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { Forecasts, type LifecycleForecast } from './forecasts.tsx'
import { LegalHolds } from './legal-holds.tsx'
import type { OperatorProps } from './operator.tsx'

const load = async () => (await client.getLifecycle({})).body

/** What grows old: a look at what would happen, the run itself, and what is held back. */
export function LifecyclePart({ formats, may }: OperatorProps) {
  const { text } = useTexts()
  const status = useLoaded('operator/lifecycle', load)
  return (
    <>
      <PartHead title={text('operator.lifecycle')} text={text('lifecycle.text')} />
      <WhenLoaded loaded={status}>
        {({ lastRunAt, isUnderWay, refusedAt }) => (
          <p role="status">
            {isUnderWay
              ? text('lifecycle.underWay')
              : lastRunAt === undefined
                ? text('lifecycle.never')
                : text('lifecycle.last', { time: formats.moment(Date.parse(lastRunAt)) })}{' '}
            {refusedAt !== undefined && text('lifecycle.refused', { time: formats.moment(Date.parse(refusedAt)) })}
          </p>
        )}
      </WhenLoaded>
      {may('system:write') && <Preview formats={formats} />}
      <LegalHolds formats={formats} mayChange={may('system:write')} />
    </>
  )
}

function Preview({ formats }: Pick<OperatorProps, 'formats'>) {
  const { text } = useTexts()
  const [date, setDate] = useState('')
  const [forecast, setForecast] = useState<LifecycleForecast>()
  const [jobId, setJobId] = useState<string>()
  const { isBusy, error, act } = useActing()
  const look = (event: FormEvent) => {
    event.preventDefault()
    act(async () => {
      const at = date === '' ? {} : { at: new Date(boundsOf(date, Intl.DateTimeFormat().resolvedOptions().timeZone)[0]).toISOString() }
      const { body } = await client.runLifecycle({ body: { dryRun: true, limit: 1000, ...at } })
      if ('data' in body) setForecast(body)
    })
  }
  const run = () =>
    act(async () => {
      const { body } = await client.runLifecycle({ body: {} })
      if ('jobId' in body) setJobId(body.jobId)
      setForecast(undefined)
      refresh('operator/lifecycle')
    })
  return (
    <form className="panel form" aria-labelledby="lifecycle-preview" onSubmit={look}>
      <h3 id="lifecycle-preview">{text('lifecycle.preview')}</h3>
      <div className="fields">
        <Field label={text('lifecycle.at')} hint={text('lifecycle.at.text')}>
          <input type="date" value={date} onChange={({ target }) => setDate(target.value)} />
        </Field>
      </div>
      <ActionError error={error} />
      <div className="actions">
        <button type="submit" className="button button-first" disabled={isBusy}>
          {text('lifecycle.look')}
        </button>
        {forecast !== undefined && date === '' && (
          <button type="button" className="button" disabled={isBusy} onClick={run}>
            {text('lifecycle.run')}
          </button>
        )}
      </div>
      {forecast !== undefined && <Forecasts forecast={forecast} formats={formats} />}
      {jobId !== undefined && <Run jobId={jobId} />}
    </form>
  )
}

function Run({ jobId }: { readonly jobId: string }) {
  const { text } = useTexts()
  const status = useJob(jobId)?.status ?? 'pending'
  return <p role="status">{text('lifecycle.running', { status: text(`status.${status}`) })}</p>
}
