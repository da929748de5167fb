import { useCallback, useState } from 'react'
import { ActionError } from '../../parts/action.tsx'
import { More, useGrowing, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { firstOf } from '../../state/pages.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { KeyForm } from './key-form.tsx'
import type { OperatorProps } from './operator.tsx'

export const KEYS = 'operator/keys'
type ShownKey = Awaited<ReturnType<typeof client.listKeys>>['body']['data'][number]

/** The keys that open the API: who has which, and the end of them. */
export function KeysPart({ formats, may }: OperatorProps) {
  const { text } = useTexts()
  const [limit, more] = useLimit()
  const load = useCallback(() => firstOf(limit, async (query) => (await client.listKeys({ query })).body), [limit])
  const { list, isGrowing } = useGrowing(KEYS, useLoaded(`${KEYS}/${limit}`, load))
  const [nowMs] = useState(() => Date.now())
  const { isBusy, error, act } = useActing()
  const revoke = (keyId: string) =>
    act(async () => {
      await client.revokeKey({ params: { keyId } })
      refresh(KEYS)
    })
  const mayChange = may('system:write')
  return (
    <>
      <PartHead title={text('operator.keys')} text={text('keys.text')} />
      {mayChange && <KeyForm />}
      <ActionError error={error} />
      <WhenLoaded loaded={list}>
        {({ data, nextCursor }) => (
          <>
            <ul className="records">
              {data.map((key) => (
                <KeyRow
                  key={key.keyId}
                  shown={key}
                  nowMs={nowMs}
                  formats={formats}
                  onRevoke={mayChange && !isBusy ? () => revoke(key.keyId) : undefined}
                />
              ))}
            </ul>
            <More hasMore={nextCursor !== undefined} isGrowing={isGrowing} onMore={more} />
          </>
        )}
      </WhenLoaded>
    </>
  )
}

interface RowProps extends Pick<OperatorProps, 'formats'> {
  readonly shown: ShownKey
  readonly nowMs: number
  readonly onRevoke: (() => void) | undefined
}

function KeyRow({ shown, nowMs, formats, onRevoke }: RowProps) {
  const { text } = useTexts()
  const { keyId, kind, userId, prefix, scopes, createdAt, expiresAt, revokedAt, lastUsedAt } = shown
  const moment = (at: string) => formats.moment(Date.parse(at))
  const isOver = revokedAt !== undefined || (expiresAt !== undefined && Date.parse(expiresAt) <= nowMs)
  const said = [
    text('keys.made', { time: moment(createdAt) }),
    lastUsedAt === undefined ? text('keys.unused') : text('keys.used', { time: moment(lastUsedAt) }),
    revokedAt !== undefined
      ? text('keys.revoked', { time: moment(revokedAt) })
      : expiresAt !== undefined && text(isOver ? 'keys.expired' : 'keys.expires', { time: moment(expiresAt) }),
  ]
  return (
    <li className={isOver ? 'record-over' : undefined}>
      <div className="record-head">
        <strong>{text(`kind.${kind}`)}</strong>
        {userId !== undefined && <span>{userId}</span>}
        <code>{prefix}…</code>
        {!isOver && onRevoke !== undefined && (
          <button type="button" className="button record-side" aria-label={text('keys.revokeOf', { key: keyId })} onClick={onRevoke}>
            {text('keys.revoke')}
          </button>
        )}
      </div>
      <p className="quiet">{said.filter(Boolean).join(' · ')}</p>
      <details className="as-table">
        <summary>{text('keys.scopes', { count: scopes.length })}</summary>
        <p className="quiet">{scopes.join(' · ')}</p>
      </details>
    </li>
  )
}
