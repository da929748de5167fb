import { useState } from 'react'
import { More, useGrowing, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { nameOfSamples } from '../../texts/metric-names.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'
import { type Session, useSessions, useSources } from './recorded.ts'
import { SessionAside } from './session-aside.tsx'
import { SessionQuality } from './session-quality.tsx'

const kinds = ['all', 'flagged', 'aside'] as const
type Kind = (typeof kinds)[number]

/** What came in, the latest first, with what was noticed of it and what was set aside. */
export function SessionsPart({ userId, reader }: PartProps) {
  const { text } = useTexts()
  const [source, setSource] = useState('')
  const [kind, setKind] = useState<Kind>('all')
  const [limit, more] = useLimit()
  const sources = useSources(userId)
  const { list, isGrowing } = useGrowing(`${userId}/${source}`, useSessions(userId, source, limit))
  return (
    <>
      <PartHead title={text('myData.sessions')} text={text('sessions.text')} />
      <div className="filters">
        <label>
          {text('sessions.source')}
          <select value={source} onChange={({ target }) => setSource(target.value)}>
            <option value="">{text('sessions.everySource')}</option>
            {sources.state === 'ready' &&
              sources.value.map(({ id, name }) => (
                <option key={id} value={id}>
                  {name}
                </option>
              ))}
          </select>
        </label>
        <label>
          {text('sessions.show')}
          <select value={kind} onChange={({ target }) => setKind(kinds.find((each) => each === target.value) ?? 'all')}>
            {kinds.map((each) => (
              <option key={each} value={each}>
                {text(`sessions.show.${each}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <WhenLoaded loaded={list}>
        {({ data, nextCursor }) => {
          const found = data.filter((session) => isOfKind(session, kind))
          return (
            <>
              <p className="quiet" role="status">
                {found.length === 0 ? text('sessions.none') : text('sessions.count', { count: found.length })}
              </p>
              {found.length > 0 && (
                <ul className="records">
                  {found.map((session) => (
                    <SessionRow key={session.sessionInfo.sessionId} userId={userId} session={session} reader={reader} />
                  ))}
                </ul>
              )}
              <More hasMore={nextCursor !== undefined} isGrowing={isGrowing} onMore={more} />
            </>
          )
        }}
      </WhenLoaded>
    </>
  )
}

function isOfKind({ quality }: Session, kind: Kind): boolean {
  if (kind === 'aside') return Object.keys(quality.quarantined).length > 0
  return kind === 'all' || quality.flags.length > 0
}

interface RowProps extends Pick<PartProps, 'userId' | 'reader'> {
  readonly session: Session
}

function SessionRow({ userId, session, reader }: RowProps) {
  const { text, language } = useTexts()
  const { sessionInfo, source, quality } = session
  const [startMs, endMs] = [Date.parse(sessionInfo.startTime), Date.parse(sessionInfo.endTime)]
  return (
    <li>
      <div className="record-head">
        <strong>{reader.dateOf(startMs)}</strong>
        <span>
          {reader.clock(startMs)}
          {endMs > startMs && ` – ${reader.clock(endMs)}`}
        </span>
        <span className="record-side">{source.name}</span>
      </div>
      <p className="quiet">
        {sessionInfo.dataTypes.length === 0
          ? text('sessions.summary')
          : sessionInfo.dataTypes.map((type) => nameOfSamples(type, language)).join(' · ')}
      </p>
      {quality.counts !== undefined && (
        <p className="quiet">{text('sessions.counts', { accepted: quality.counts.accepted, received: quality.counts.received })}</p>
      )}
      <SessionQuality quality={quality} />
      {isOfKind(session, 'aside') && <SessionAside userId={userId} sessionId={sessionInfo.sessionId} reader={reader} />}
    </li>
  )
}
