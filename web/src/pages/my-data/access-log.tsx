import { useCallback } from 'react'
import type { Access } from '../../../../src/model/audit.ts'
import type { JobType } from '../../../../src/model/job.ts'
import { More, useGrowing, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { client } from '../../state/client.ts'
import { firstOf } from '../../state/pages.ts'
import type { Reader } from '../../state/person.ts'
import { useLoaded } from '../../state/store.ts'
import { type Text, useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'

/** Who read or changed what of the person, the newest first. */
export function AccessPart({ userId, reader }: PartProps) {
  const { text } = useTexts()
  const [limit, more] = useLimit()
  const load = useCallback(
    () => firstOf(limit, async (query) => (await client.listAccess({ params: { userId }, query })).body),
    [userId, limit],
  )
  const { list, isGrowing } = useGrowing(userId, useLoaded(`${userId}/access-log/${limit}`, load))
  return (
    <>
      <PartHead title={text('myData.access')} text={text('access.text')} />
      <WhenLoaded loaded={list}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <p>{text('access.none')}</p>
            ) : (
              <ul className="records">
                {data.map((entry) => (
                  <AccessRow key={entry.seq} entry={entry} reader={reader} />
                ))}
              </ul>
            )}
            <More hasMore={nextCursor !== undefined} isGrowing={isGrowing} onMore={more} />
          </>
        )}
      </WhenLoaded>
    </>
  )
}

function AccessRow({ entry, reader }: { readonly entry: Access; readonly reader: Reader }) {
  const { text } = useTexts()
  const { at, action, what, count, outcome, code } = entry
  return (
    <li>
      <div className="record-head">
        <strong>{[whatOf(what, text), count === undefined ? undefined : reader.number(count)].filter(Boolean).join(' · ')}</strong>
        <span>{text(`action.${action}`)}</span>
        {outcome !== 'allow' && <span className="status status-failed">{code ?? text(`outcome.${outcome}`)}</span>}
        <time className="record-side quiet" dateTime={at}>
          {reader.moment(Date.parse(at))}
        </time>
      </div>
      <p className="quiet">{whoOf(entry, text)}</p>
    </li>
  )
}

const types = ['person', 'device', 'service', 'researcher', 'operator', 'auditor', 'anonymous', 'system', 'command'] as const

function whoOf({ who: { type, userId, keyId } }: Access, text: Text): string {
  const known = types.find((each) => each === type)
  const kind = known === undefined ? type : text(`actor.${known}`)
  return [kind, userId, keyId === undefined ? undefined : text('access.key', { key: keyId.slice(0, 8) })].filter(Boolean).join(' · ')
}

const whats = [
  ...(['users', 'consents', 'permissions', 'preferences', 'retention', 'source_priority', 'export', 'exports', 'sessions'] as const),
  ...(['timeseries', 'days', 'insights', 'trends', 'analytics', 'peers', 'access_log', 'imports', 'events'] as const),
]

const jobs = [
  'health_analysis',
  'import',
  'export',
  'erase',
  'lifecycle',
  'trends',
  'backup',
  'reseal',
] as const satisfies readonly JobType[]

/** `users/source-priority` and `jobs/import` in words; what has none as it is. */
function whatOf(what: string, text: Text): string {
  const job = jobs.find((type) => what === `jobs/${type}`)
  if (job !== undefined) return text(`job.${job}`)
  const last = what.split('/').at(-1)?.replaceAll('-', '_')
  const known = whats.find((each) => each === last)
  return known === undefined ? what : text(`what.${known}`)
}
