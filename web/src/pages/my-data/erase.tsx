import { type FormEvent, useCallback, useState } from 'react'
import { ActionError, Field } from '../../parts/action.tsx'
import { Link } from '../../parts/link.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { go, pathTo } from '../../router.ts'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { keepReceiptKey } from '../../state/receipt-key.ts'
import { writeSetting } from '../../state/settings.ts'
import { forget, refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'

const steps = ['now', 'credentials', 'keys', 'data', 'receipt'] as const

/** The end of everything that is kept of a person: what happens, and the id typed by hand before it does. */
export function ErasePart({ userId }: PartProps) {
  const { text } = useTexts()
  const [typed, setTyped] = useState('')
  const { isBusy, error, act } = useActing()
  const load = useCallback(async () => (await client.getRetention({ params: { userId } })).body.held, [userId])
  const held = useLoaded(`${userId}/retention/held`, load)
  const erase = (event: FormEvent) => {
    event.preventDefault()
    if (typed !== userId) return
    act(async () => {
      const { erasureId, receiptKey } = (await client.deleteUser({ params: { userId } })).body
      keepReceiptKey(erasureId, receiptKey)
      writeSetting('person', '')
      refresh('people')
      go(pathTo('receipt', { erasureId }), { isInstead: true })
      // Whatever is asked of them from here on is answered that they are gone.
      forget(`${userId}/`)
    })
  }
  return (
    <>
      <PartHead title={text('myData.erase')} text={text('erase.text')} />
      {held.state === 'ready' && held.value && <p className="notice">{text('erase.held')}</p>}
      <section className="panel">
        <h3>{text('erase.what')}</h3>
        <ol className="steps">
          {steps.map((step) => (
            <li key={step}>{text(`erase.${step}`)}</li>
          ))}
        </ol>
        <p className="quiet">{text('erase.stays')}</p>
        <p>
          <Link href={pathTo('myDataPart', { userId, part: 'export' })}>{text('erase.export')}</Link>
        </p>
      </section>
      <form className="panel form danger" onSubmit={erase}>
        <Field label={text('erase.type', { id: userId })}>
          <input
            className="input"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
        <ActionError error={error} />
        <button type="submit" className="button button-danger" disabled={isBusy || typed !== userId}>
          {text('erase.do')}
        </button>
      </form>
    </>
  )
}
