import { useCallback } from 'react'
import type { Access } from '../../../../src/model/audit.ts'
import { More, useGrowing, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { client } from '../../state/client.ts'
import { firstOf } from '../../state/pages.ts'
import type { Reader } from '../../state/person.ts'
import { useLoaded } from '../../state/store.ts'
import { type Text, useTexts } from '../../texts/texts.tsx'
import { whatOf } from '../../texts/what-of.ts'
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
