import { useCallback, useState } from 'react'
import type { Grant } from '../../../../src/model/access.ts'
import { ActionError } from '../../parts/action.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import type { Reader } from '../../state/person.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { nameOfMetric } from '../../texts/metric-names.ts'
import { useTexts } from '../../texts/texts.tsx'
import { GrantForm } from './grant-form.tsx'
import type { PartProps } from './my-data.tsx'

/** Whom a person lets see or change something, until when, and the end of it. */
export function SharingPart({ userId, reader, may }: PartProps) {
  const { text } = useTexts()
  const load = useCallback(async () => (await client.listPermissions({ params: { userId }, query: { limit: 100 } })).body.data, [userId])
  const grants = useLoaded(`${userId}/permissions`, load)
  // The time of looking, once: what ends while one looks is shown as ended by the next visit.
  const [nowMs] = useState(() => Date.now())
  const { isBusy, error, act } = useActing()
  const revoke = (grantId: string) =>
    act(async () => {
      await client.revokePermission({ params: { userId, grantId } })
      refresh(`${userId}/permissions`)
    })
  const mayChange = may('profile:write')
  return (
    <>
      <PartHead title={text('myData.sharing')} text={text('sharing.text')} />
      <ActionError error={error} />
      <WhenLoaded loaded={grants}>
        {(found) =>
          found.length === 0 ? (
            <p>{text('sharing.none')}</p>
          ) : (
            <ul className="records">
              {found.map((grant) => (
                <GrantRow
                  key={grant.grantId}
                  grant={grant}
                  nowMs={nowMs}
                  reader={reader}
                  onRevoke={mayChange && !isBusy ? () => revoke(grant.grantId) : undefined}
                />
              ))}
            </ul>
          )
        }
      </WhenLoaded>
      {mayChange && <GrantForm userId={userId} zone={reader.zone} />}
    </>
  )
}

interface RowProps {
  readonly grant: Grant
  readonly nowMs: number
  readonly reader: Reader
  readonly onRevoke: (() => void) | undefined
}

function GrantRow({ grant, nowMs, reader, onRevoke }: RowProps) {
  const { text, language } = useTexts()
  const { granteeId, access, resources, metrics, until, revokedAt } = grant
  const isOver = revokedAt !== undefined || (until !== undefined && Date.parse(until) <= nowMs)
  const what = resources === undefined ? text('sharing.everything') : resources.map((each) => text(`resource.${each}`)).join(', ')
  return (
    <li className={isOver ? 'record-over' : undefined}>
      <div className="record-head">
        <strong>{granteeId}</strong>
        <span>{text(`sharing.${access}`)}</span>
        {!isOver && onRevoke !== undefined && (
          <button type="button" className="button record-side" aria-label={text('sharing.endOf', { who: granteeId })} onClick={onRevoke}>
            {text('sharing.end')}
          </button>
        )}
      </div>
      <p>
        {what}
        {metrics !== undefined && ` · ${metrics.map((metric) => nameOfMetric(metric, language)).join(', ')}`}
      </p>
      <p className="quiet">{endOf()}</p>
    </li>
  )

  function endOf(): string {
    if (revokedAt !== undefined) return text('sharing.ended', { time: reader.moment(Date.parse(revokedAt)) })
    if (until === undefined) return text('sharing.open')
    return text(isOver ? 'sharing.ran' : 'sharing.until', { time: reader.moment(Date.parse(until)) })
  }
}
