import { useCallback, useState } from 'react'
import type { Job } from '../../../../src/model/job.ts'
import type { Formats } from '../../format/format.ts'
import { ActionError } from '../../parts/action.tsx'
import { Progress } from '../../parts/progress.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { useJob } from '../../state/job.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'

interface Props {
  readonly job: Job
  readonly formats: Formats
  readonly mayAct: boolean
  /** Its progress is shown as it moves. */
  readonly isFollowed: boolean
}

/** One job, with its log where it is wanted. */
export function JobRow({ job: listed, formats, mayAct, isFollowed }: Props) {
  const { text } = useTexts()
  const followed = useJob(isFollowed && listed.status === 'processing' ? listed.jobId : undefined)
  // What is over is told by the list.
  const job = followed?.status === 'processing' ? followed : listed
  const { jobId, type, status, userId, progress, errors, attempts } = job
  const last = errors.at(-1)
  return (
    <li>
      <div className="record-head">
        <strong>{text(`job.${type}`)}</strong>
        {userId !== undefined && <span>{userId}</span>}
        <span className={`status status-${status}`}>{text(`status.${status}`)}</span>
        <span className="record-side quiet">{formats.moment(Date.parse(job.createdAt))}</span>
      </div>
      {status === 'processing' && (
        <Progress
          label={text('jobs.progress', { id: jobId })}
          share={progress === undefined ? undefined : progress.percentage / 100}
          said={progress === undefined ? text('status.processing') : `${progress.stage} · ${formats.share(progress.percentage / 100)}`}
        />
      )}
      {last !== undefined && (
        <p className="quiet">
          {last.code}: {last.message}
          {attempts !== undefined && ` · ${text('jobs.attempts', { count: attempts })}`}
        </p>
      )}
      <Ways job={job} formats={formats} mayAct={mayAct} />
    </li>
  )
}

/** What can be done about it: stopped while it is not over, tried again where it failed or waits for its next attempt. */
function Ways({ job, formats, mayAct }: Omit<Props, 'isFollowed'>) {
  const { text } = useTexts()
  const { isBusy, error, act } = useActing()
  const { jobId, status, notBefore } = job
  const mayCancel = status === 'pending' || status === 'processing'
  const mayRetry = status === 'failed' || (status === 'pending' && notBefore !== undefined)
  const change = (how: 'cancelJob' | 'retryJob') =>
    act(async () => {
      await client[how]({ params: { jobId } })
      refresh('operator/jobs/')
    })
  return (
    <>
      <ActionError error={error} />
      <div className="actions">
        {mayAct && mayCancel && (
          <button type="button" className="button" disabled={isBusy} onClick={() => change('cancelJob')}>
            {text('jobs.cancel')}
          </button>
        )}
        {mayAct && mayRetry && (
          <button type="button" className="button" disabled={isBusy} onClick={() => change('retryJob')}>
            {text('jobs.retry')}
          </button>
        )}
        <Log jobId={jobId} formats={formats} />
      </div>
    </>
  )
}

function Log({ jobId, formats }: { readonly jobId: string; readonly formats: Formats }) {
  const { text } = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{text('jobs.log')}</summary>
      {isOpen && <Lines jobId={jobId} formats={formats} />}
    </details>
  )
}

function Lines({ jobId, formats }: { readonly jobId: string; readonly formats: Formats }) {
  const { text } = useTexts()
  const load = useCallback(async () => (await client.listJobLogs({ params: { jobId }, query: { limit: 1000 } })).body.data, [jobId])
  const lines = useLoaded(`operator/jobs/log/${jobId}`, load)
  return (
    <WhenLoaded loaded={lines}>
      {(found) =>
        found.length === 0 ? (
          <p className="quiet">{text('jobs.log.none')}</p>
        ) : (
          <ol className="log">
            {found.map(({ n, at, level, message }) => (
              <li key={n} className={level === 'info' ? undefined : 'log-warn'}>
                <time dateTime={at}>{formats.clock(Date.parse(at))}</time> {message}
              </li>
            ))}
          </ol>
        )
      }
    </WhenLoaded>
  )
}
