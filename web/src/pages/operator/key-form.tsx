import { type FormEvent, useState } from 'react'
import { type PrincipalKind, personalKinds, principalKinds } from '../../../../src/model/principal.ts'
import { ActionError, Field } from '../../parts/action.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { refresh } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'

/** Makes a key and shows it once: what is stored is a digest. */
export function KeyForm() {
  const { text } = useTexts()
  const [kind, setKind] = useState<PrincipalKind>('service')
  const [userId, setUserId] = useState('')
  const [days, setDays] = useState('90')
  const [made, setMade] = useState<string>()
  const { isBusy, error, act } = useActing()
  const isPersonal = personalKinds.some((each) => each === kind)
  const make = (event: FormEvent) => {
    event.preventDefault()
    act(async () => {
      const body = {
        kind,
        ...(isPersonal && { userId: userId.trim() }),
        ...(days !== '' && { expiresInDays: Number(days) }),
      }
      setMade((await client.createKey({ body })).body.key)
      refresh('operator/keys')
    })
  }
  return (
    <form className="panel form" aria-labelledby="key-title" onSubmit={make}>
      <h3 id="key-title">{text('keys.new')}</h3>
      <div className="fields">
        <Field label={text('keys.kind')} hint={text(`kind.${kind}.text`)}>
          <select value={kind} onChange={({ target }) => setKind(principalKinds.find((each) => each === target.value) ?? 'service')}>
            {principalKinds.map((each) => (
              <option key={each} value={each}>
                {text(`kind.${each}`)}
              </option>
            ))}
          </select>
        </Field>
        {isPersonal && (
          <Field label={text('keys.person')}>
            <input className="input" required value={userId} onChange={({ target }) => setUserId(target.value)} autoComplete="off" />
          </Field>
        )}
        <Field label={text('keys.days')} hint={text('keys.days.text')}>
          <input className="input" type="number" min="1" max="9999" value={days} onChange={({ target }) => setDays(target.value)} />
        </Field>
      </div>
      <ActionError error={error} />
      <button type="submit" className="button button-first" disabled={isBusy}>
        {text('keys.make')}
      </button>
      {made !== undefined && <Made secret={made} onDone={() => setMade(undefined)} />}
    </form>
  )
}

function Made({ secret, onDone }: { readonly secret: string; readonly onDone: () => void }) {
  const { text } = useTexts()
  const [isCopied, setIsCopied] = useState(false)
  const copy = () => {
    navigator.clipboard.writeText(secret).then(() => setIsCopied(true), reportError)
  }
  return (
    <div className="secret" role="status">
      <p>
        <strong>{text('keys.once')}</strong>
      </p>
      <code className="code">{secret}</code>
      <div className="actions">
        <button type="button" className="button" onClick={copy}>
          {text(isCopied ? 'keys.copied' : 'keys.copy')}
        </button>
        <button type="button" className="button" onClick={onDone}>
          {text('keys.done')}
        </button>
      </div>
    </div>
  )
}
