import '../../look/records.css'
import { useCallback, useEffect } from 'react'
import type { ErasureReceipt } from '../../../../src/model/erasure.ts'
import { formatsFor } from '../../format/format.ts'
import { Progress } from '../../parts/progress.tsx'
import { Nothing, WhenLoaded } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { isGenuine } from '../../state/check-receipt.ts'
import { client, clientWith } from '../../state/client.ts'
import { saveText } from '../../state/file.ts'
import { findReceiptKey } from '../../state/receipt-key.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'

/** While an erasure runs it is asked for again so often, ms. */
const AGAIN_MS = 1000

/** An erasure as it goes on, and its receipt: who is erased has nothing else left here. */
export function ReceiptPage({ erasureId }: { readonly erasureId: string }) {
  const { text } = useTexts()
  const load = useCallback(async () => {
    const key = findReceiptKey(erasureId)
    const asked = key === undefined ? client : clientWith(key)
    return (await asked.getErasure({ params: { erasureId } })).body
  }, [erasureId])
  const erasure = useLoaded(`erasures/${erasureId}`, load)
  const isUnderWay = erasure.state === 'ready' && erasure.value.status === 'erasing'
  useEffect(() => {
    if (!isUnderWay) return undefined
    const timer = setInterval(() => refresh(`erasures/${erasureId}`), AGAIN_MS)
    return () => clearInterval(timer)
  }, [erasureId, isUnderWay])
  return (
    <WhenLoaded loaded={erasure}>
      {(found) => {
        if (found.status === 'erased') return <Receipt receipt={found.receipt} />
        if (found.status === 'replayed') return <Nothing title={text('receipt.title')} text={text('receipt.replayed')} />
        return (
          <section className="start">
            <h1>{text('receipt.erasing')}</h1>
            <Progress label={text('receipt.erasing')} share={undefined} said={text('receipt.erasing.text')} />
          </section>
        )
      }}
    </WhenLoaded>
  )
}

function Receipt({ receipt }: { readonly receipt: ErasureReceipt }) {
  const { text, locale } = useTexts()
  const { number, moment } = formatsFor({ locale, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, units: 'metric' })
  const check = useCallback(() => isGenuine(receipt), [receipt])
  const checked = useLoaded(`erasures/${receipt.erasureId}/check`, check)
  const file = `erasure-receipt-${receipt.erasureId.slice(0, 12)}.json`
  const command = `npm run -s clarity -- verify-receipt ${file} --public-key=${receipt.signature.publicKey}`
  const verdict = checked.state !== 'ready' ? undefined : checked.value
  return (
    <article className="part receipt">
      <h1>{text('receipt.title')}</h1>
      <p className="lead">{text('receipt.text', { time: moment(Date.parse(receipt.erasedAt)) })}</p>
      <section className="panel" aria-label={text('receipt.keep')}>
        <h2>{text('receipt.keep')}</h2>
        <p>{text('receipt.keep.text')}</p>
        <div className="actions">
          <button type="button" className="button button-first" onClick={() => saveText(`${JSON.stringify(receipt, null, 2)}\n`, file)}>
            {text('receipt.download')}
          </button>
        </div>
        {verdict !== undefined && (
          <p className={verdict ? 'good' : 'notice'} role="status">
            {text(verdict ? 'receipt.genuine' : 'receipt.wrong')}
          </p>
        )}
        <h3>{text('receipt.verify')}</h3>
        <p>{text('receipt.verify.text')}</p>
        <pre className="code">
          <code>{command}</code>
        </pre>
      </section>
      <Table
        caption={text('receipt.classes')}
        head={[text('receipt.class'), text('receipt.documents'), text('receipt.objects')]}
        rows={Object.entries(receipt.classes).map(([name, { documents, objects }]) => [
          name.replaceAll('_', ' '),
          number(documents),
          number(objects),
        ])}
      />
      <p className="quiet">
        {text('receipt.rest', { credentials: receipt.credentials, keys: receipt.keyFingerprints.length, looks: receipt.rescans })}
      </p>
    </article>
  )
}
