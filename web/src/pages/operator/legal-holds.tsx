import { type FormEvent, useState } from 'react'
import { ActionError, Field } from '../../parts/action.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { OperatorProps } from './operator.tsx'

const KEY = 'operator/holds'
const load = async () => (await client.listLegalHolds({ query: { limit: 1000 } })).body.data

/** On whom a legal hold stands and why. */
export function LegalHolds({ formats, mayChange }: Pick<OperatorProps, 'formats'> & { readonly mayChange: boolean }) {
  const { text } = useTexts()
  const holds = useLoaded(KEY, load)
  const { isBusy, error, act } = useActing()
  const release = (personId: string) =>
    act(async () => {
      await client.releaseLegalHold({ params: { personId } })
      refresh(KEY)
    })
  return (
    <section className="panel" aria-labelledby="holds-title">
      <h3 id="holds-title">{text('holds.title')}</h3>
      <p className="quiet">{text('holds.text')}</p>
      <ActionError error={error} />
      <WhenLoaded loaded={holds}>
        {(found) =>
          found.length === 0 ? (
            <p>{text('holds.none')}</p>
          ) : (
            <ul className="records">
              {found.map(({ userId, reason, placedAt }) => (
                <li key={userId}>
                  <div className="record-head">
                    <strong>{userId}</strong>
                    <span className="quiet">{formats.moment(Date.parse(placedAt))}</span>
                    {mayChange && (
                      <button
                        type="button"
                        className="button record-side"
                        disabled={isBusy}
                        aria-label={text('holds.releaseOf', { who: userId })}
                        onClick={() => release(userId)}
                      >
                        {text('holds.release')}
                      </button>
                    )}
                  </div>
                  <p>{reason}</p>
                </li>
              ))}
            </ul>
          )
        }
      </WhenLoaded>
      {mayChange && <Place />}
    </section>
  )
}

function Place() {
  const { text } = useTexts()
  const [personId, setPersonId] = useState('')
  const [reason, setReason] = useState('')
  const { isBusy, error, act } = useActing()
  const place = (event: FormEvent) => {
    event.preventDefault()
    act(async () => {
      await client.placeLegalHold({ params: { personId: personId.trim() }, body: { reason } })
      setPersonId('')
      setReason('')
      refresh(KEY)
    })
  }
  return (
    <form className="form" aria-label={text('holds.place')} onSubmit={place}>
      <div className="fields">
        <Field label={text('holds.who')}>
          <input className="input" required value={personId} onChange={({ target }) => setPersonId(target.value)} autoComplete="off" />
        </Field>
        <Field label={text('holds.reason')}>
          <input className="input" required maxLength={1000} value={reason} onChange={({ target }) => setReason(target.value)} />
        </Field>
      </div>
      <ActionError error={error} />
      <button type="submit" className="button" disabled={isBusy || personId.trim() === '' || reason === ''}>
        {text('holds.place')}
      </button>
    </form>
  )
}
