import { useCallback } from 'react'
import type { Day } from '../../../../src/model/day.ts'
import { EvidenceDrawer } from '../../parts/evidence-drawer.tsx'
import { NoDays } from '../../parts/no-days.tsx'
import { Nothing, WhenLoaded } from '../../parts/states.tsx'
import { dayOf, insightOf } from '../../state/days.ts'
import { keysOf, useFeed } from '../../state/feed.ts'
import { useLatest } from '../../state/latest.ts'
import { useReader } from '../../state/person.ts'
import { useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { CoverageSection } from './coverage.tsx'
import { DateHeader } from './date-header.tsx'
import { InsightSection } from './insight-section.tsx'
import { NightSection } from './night.tsx'
import type { Insight } from './sentences.ts'
import { StepsSection } from './steps.tsx'

/** One day of a person: the insight, the night that ended on it, its hours, and what was not measured. Without a date the latest. */
export function TodayPage({ userId, date }: { readonly userId: string; readonly date: string | undefined }) {
  useFeed(userId)
  const latest = useLatest(userId)
  return (
    <WhenLoaded loaded={latest}>
      {(found) => (found === undefined ? <NoDays /> : <DayPage userId={userId} date={date ?? found} latest={found} />)}
    </WhenLoaded>
  )
}

interface Shown {
  readonly day: Day
  readonly insight: Insight
}

function DayPage({ userId, date, latest }: { readonly userId: string; readonly date: string; readonly latest: string }) {
  const { text } = useTexts()
  const loadDay = useCallback(() => dayOf(userId, date), [userId, date])
  const loadInsight = useCallback(() => insightOf(userId, date), [userId, date])
  const day = useLoaded(keysOf.day(userId, date), loadDay)
  const insight = useLoaded(keysOf.insight(userId, date), loadInsight)
  return (
    <article className="today">
      <DateHeader userId={userId} date={date} latest={latest} zone={day.state === 'ready' ? day.value?.zone : undefined} />
      <WhenLoaded loaded={day}>
        {(foundDay) => (
          <WhenLoaded loaded={insight}>
            {(foundInsight) =>
              foundDay === undefined || foundInsight === undefined ? (
                <Nothing title={text('today.none')} text={text('today.none.text')} />
              ) : (
                <Whole userId={userId} day={foundDay} insight={foundInsight} />
              )
            }
          </WhenLoaded>
        )}
      </WhenLoaded>
    </article>
  )
}

function Whole({ userId, day, insight }: { readonly userId: string } & Shown) {
  const reader = useReader(userId, day.zone)
  return (
    <EvidenceDrawer userId={userId} day={day} reader={reader}>
      <InsightSection day={day} insight={insight} reader={reader} />
      <NightSection userId={userId} day={day} reader={reader} />
      <StepsSection userId={userId} day={day} reader={reader} />
      <CoverageSection userId={userId} day={day} reader={reader} />
    </EvidenceDrawer>
  )
}
