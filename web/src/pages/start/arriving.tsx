import { useCallback, useEffect, useMemo, useState } from 'react'
import type { FeedEvent } from '../../../../src/model/event.ts'
import type { ImportView } from '../../../../src/model/import.ts'
import type { JobProgress } from '../../../../src/model/job.ts'
import { formatsFor } from '../../format/format.ts'
import { Link } from '../../parts/link.tsx'
import { Progress } from '../../parts/progress.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { pathTo } from '../../router.ts'
import { rateMeter } from '../../sending/rate.ts'
import { client } from '../../state/client.ts'
import { keysOf, useFeed } from '../../state/feed.ts'
import { useJob } from '../../state/job.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { ArrivedDays } from './arrived-days.tsx'
import { useFigures } from './figures.ts'
import { ImportSummary } from './import-summary.tsx'

interface Props {
  readonly userId: string
  readonly importId: string
}

/** A file that becomes days, live; the address alone is enough to come back to it. */
export function ArrivingPage({ userId, importId }: Props) {
  const load = useCallback(async () => (await client.getImport({ params: { userId, importId } })).body, [userId, importId])
  const found = useLoaded(`${keysOf.imports(userId)}/${importId}`, load)
  return <WhenLoaded loaded={found}>{(view) => <Arriving userId={userId} view={view} />}</WhenLoaded>
}

function Arriving({ userId, view }: { readonly userId: string; readonly view: ImportView }) {
  const { text } = useTexts()
  const dates = useArrivedDates(userId)
  const isOver = view.status !== 'processing'
  const job = useJob(isOver ? undefined : view.jobId)
  useEffect(() => {
    if (job?.status === 'completed' || job?.status === 'failed' || job?.status === 'cancelled') refresh(keysOf.imports(userId))
  }, [job?.status, userId])
  const titles = {
    processing: 'arriving.title',
    completed: 'arriving.done',
    partial: 'arriving.partial',
    failed: 'arriving.failed',
  } as const
  return (
    <section className="start arriving">
      <h1>{text(titles[view.status])}</h1>
      {isOver ? <ImportSummary view={view} /> : <JobBar progress={job?.progress ?? view.progress} />}
      {dates.size > 0 && <ArrivedDays dates={dates} isOver={isOver} />}
      {dates.size > 0 && (
        <Link className="button button-first" href={pathTo('today', { userId })}>
          {text('arriving.lastNight')}
        </Link>
      )}
      {!isOver && <p className="quiet">{text('arriving.leave')}</p>}
    </section>
  )
}

/** The dates that are there, and those that come while one looks. */
function useArrivedDates(userId: string): ReadonlySet<string> {
  const [arrived, setArrived] = useState<ReadonlySet<string>>(new Set())
  const hear = useMemo(() => gatherDays((dates) => setArrived((before) => before.union(dates))), [])
  useFeed(userId, hear)
  useEffect(() => {
    let isGone = false
    listDates(userId, (dates) => !isGone && setArrived((before) => before.union(dates))).catch(reportError)
    return () => {
      isGone = true
    }
  }, [userId])
  return arrived
}

/** Thousands of days may come in a few seconds: they are shown frame by frame. */
function gatherDays(show: (dates: ReadonlySet<string>) => void): (event: FeedEvent) => void {
  let dates = new Set<string>()
  return ({ type, id, action }) => {
    if (type !== 'day' || action === 'deleted') return
    if (dates.size === 0)
      requestAnimationFrame(() => {
        show(dates)
        dates = new Set()
      })
    dates.add(id)
  }
}

async function listDates(userId: string, show: (dates: ReadonlySet<string>) => void): Promise<void> {
  let cursor: string | undefined
  do {
    const { data, nextCursor } = (await client.listDays({ params: { userId }, query: { limit: 100, ...(cursor && { cursor }) } })).body
    show(new Set(data.map(({ date }) => date)))
    cursor = nextCursor
  } while (cursor !== undefined)
}

const stages = { reading: 'arriving.reading', keeping: 'arriving.keeping', analysing: 'arriving.analysing', done: 'arriving.done' } as const

function StageBar({ stage, percentage, done, total, unit }: JobProgress) {
  const { text, locale } = useTexts()
  const { share, bytes, number } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  const [meter] = useState(rateMeter)
  const [rate, setRate] = useState<number>()
  useEffect(() => setRate(done === undefined ? undefined : meter(performance.now(), done)), [done, meter])
  const figures = useFigures({ done: done ?? 0, total: total ?? 0, rate }, unit === 'bytes' ? bytes : (value) => number(value))
  const label = stage in stages ? text(stages[stage as keyof typeof stages]) : stage
  return <Progress label={label} share={percentage / 100} said={`${label} · ${done === undefined ? share(percentage / 100) : figures}`} />
}

function JobBar({ progress }: { readonly progress: JobProgress | undefined }) {
  const { text } = useTexts()
  if (progress === undefined) return <Progress label={text('arriving.waiting')} share={undefined} said={text('arriving.waiting')} />
  return <StageBar {...progress} />
}
