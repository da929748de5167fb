import { useCallback } from 'react'
import type { Access } from '../../../../src/model/audit.ts'
import { More, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { client } from '../../state/client.ts'
import { useLoaded } from '../../state/store.ts'
import { type Text, useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'

/** Who read or changed what of the person, the newest first. */
export function AccessPart({ userId, reader }: PartProps) {
  const { text } = useTexts()
  const [limit, more] = useLimit()
  const load = useCallback(async () => (await client.listAccess({ params: { userId }, query: { limit } })).body, [userId, limit])
  const log = useLoaded(`${userId}/access-log/${limit}`, load)
  return (
    <>
      <PartHead title={text('myData.access')} text={text('access.text')} />
      <WhenLoaded loaded={log}>
        {({ data, nextCursor }) => (
          <>
            {data.length === 0 ? (
              <p>{text('access.none')}</p>
            ) : (
              <Table
                caption={text('myData.access')}
                head={[text('access.when'), text('access.who'), text('access.did'), text('access.what'), text('access.outcome')]}
                rows={data.map((entry) => [
                  reader.moment(Date.parse(entry.at)),
                  whoOf(entry, text),
                  text(`action.${entry.action}`),
                  [whatOf(entry.what, text), entry.count === undefined ? undefined : reader.number(entry.count)]
                    .filter(Boolean)
                    .join(' · '),
                  entry.code ?? text(`outcome.${entry.outcome}`),
                ])}
              />
            )}
            <More hasMore={nextCursor !== undefined} onMore={more} />
          </>
        )}
      </WhenLoaded>
    </>
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

/** `users/source-priority` in words; what has none as it is. */
function whatOf(what: string, text: Text): string {
  const last = what.split('/').at(-1)?.replaceAll('-', '_')
  const known = whats.find((each) => each === last)
  return known === undefined ? what : text(`what.${known}`)
}
