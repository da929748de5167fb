import { useCallback, useEffect, useState } from 'react'
import type { Job, JobStatus } from '../../../../src/model/job.ts'
import { More, useGrowing, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { client } from '../../state/client.ts'
import { firstOf } from '../../state/pages.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { JobRow } from './job-row.tsx'
import { useLive } from './live.ts'
import { loadMonitoring, MONITORING } from './monitored.ts'
import type { OperatorProps } from './operator.tsx'

/** What is shown together. */
const views = {
  open: ['processing', 'pending'],
  failed: ['failed'],
  completed: ['completed'],
  cancelled: ['cancelled'],
} as const satisfies Readonly<Record<string, readonly JobStatus[]>>
type View = keyof typeof views
const viewNames = Object.keys(views) as readonly View[]

/** A browser holds six connections to a server. */
const MOST_FOLLOWED = 3

/** Work as it is done: how far it is, what went wrong, and what can be stopped or tried again. */
export function JobsPart({ formats, may }: OperatorProps) {
  const { text } = useTexts()
  const [view, setView] = useState<View>('open')
  const [limit, more] = useLimit()
  const load = useCallback(async () => {
    const ofStatus = (status: JobStatus) => firstOf(limit, async (page) => (await client.listJobs({ query: { status, ...page } })).body)
    const pages = await Promise.all(views[view].map(ofStatus))
    return { jobs: pages.flatMap(({ data }) => data).sort(newestFirst), hasMore: pages.some(({ nextCursor }) => nextCursor !== undefined) }
  }, [view, limit])
  const { list, isGrowing } = useGrowing(view, useLoaded(`operator/jobs/${view}/${limit}`, load))
  useMoves()
  return (
    <>
      <PartHead title={text('operator.jobs')} text={text('jobs.text')} />
      <fieldset className="chips">
        <legend className="unseen">{text('jobs.show')}</legend>
        {viewNames.map((name) => (
          <label key={name}>
            <input type="radio" name="view" checked={view === name} onChange={() => setView(name)} />
            <span>{text(`jobs.${name}`)}</span>
          </label>
        ))}
      </fieldset>
      <WhenLoaded loaded={list}>
        {({ jobs, hasMore }) => (
          <>
            {jobs.length === 0 ? (
              <p className="quiet">{text(`jobs.none.${view}`)}</p>
            ) : (
              <ul className="records">
                {jobs.map((job, at) => (
                  <JobRow key={job.jobId} job={job} formats={formats} mayAct={may('jobs:write')} isFollowed={at < MOST_FOLLOWED} />
                ))}
              </ul>
            )}
            <More hasMore={hasMore} isGrowing={isGrowing} onMore={more} />
          </>
        )}
      </WhenLoaded>
    </>
  )
}

/** Reads the lists again when there are more or fewer jobs of a status. Counts are asked for and not the lists: these stand in the audit log. */
function useMoves(): void {
  useLive(MONITORING)
  const found = useLoaded(MONITORING, loadMonitoring)
  const counts = found.state === 'ready' ? JSON.stringify(found.value.counts.jobs) : undefined
  useEffect(() => {
    if (counts !== undefined) refresh('operator/jobs/')
  }, [counts])
}

function newestFirst(one: Job, other: Job): number {
  return Date.parse(other.createdAt) - Date.parse(one.createdAt)
}
