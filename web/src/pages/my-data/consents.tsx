import { useCallback } from 'react'
import type { ConsentReceipt } from '../../../../src/model/access.ts'
import { ActionError } from '../../parts/action.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { useActing } from '../../state/acting.ts'
import { client } from '../../state/client.ts'
import { keysOf } from '../../state/feed.ts'
import type { Reader } from '../../state/person.ts'
import { refresh, useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import type { PartProps } from './my-data.tsx'

const purposes = ['dataSharing', 'researchParticipation', 'anonymousAnalytics'] as const
type Purpose = ConsentReceipt['purpose']

/** Of the words below: they change together, so that a receipt tells what was read. */
const TEXT_VERSION = 'dashboard-2026-11'

/** What a person agrees to and does not, each change with a receipt. */
export function ConsentsPart({ userId, reader, may }: PartProps) {
  const { text } = useTexts()
  const load = useCallback(async () => (await client.listConsents({ params: { userId }, query: { limit: 100 } })).body.data, [userId])
  const consents = useLoaded(`${userId}/consents`, load)
  const { isBusy, error, act } = useActing()
  const change = (purpose: Purpose, given: boolean) =>
    act(async () => {
      await client.giveConsent({ params: { userId }, body: { purpose, given, textVersion: TEXT_VERSION } })
      refresh(`${userId}/consents`)
      refresh(keysOf.person(userId))
    })
  return (
    <>
      <PartHead title={text('myData.consents')} text={text('consents.text')} />
      <ActionError error={error} />
      <WhenLoaded loaded={consents}>
        {(receipts) => (
          <>
            <div className="panel">
              {purposes.map((purpose) => (
                <Consent
                  key={purpose}
                  purpose={purpose}
                  last={receipts.find((receipt) => receipt.purpose === purpose)}
                  isShut={isBusy || !may('profile:write')}
                  reader={reader}
                  onChange={change}
                />
              ))}
              <p className="quiet">{text('consents.version', { version: TEXT_VERSION })}</p>
            </div>
            {receipts.length > 0 && <Receipts receipts={receipts} reader={reader} />}
          </>
        )}
      </WhenLoaded>
    </>
  )
}

interface ConsentProps {
  readonly purpose: Purpose
  readonly last: ConsentReceipt | undefined
  readonly isShut: boolean
  readonly reader: Reader
  readonly onChange: (purpose: Purpose, given: boolean) => void
}

function Consent({ purpose, last, isShut, reader, onChange }: ConsentProps) {
  const { text } = useTexts()
  const given = last?.given === true
  const at = { time: last === undefined ? '' : reader.moment(Date.parse(last.givenAt)) }
  return (
    <section className="consent" aria-labelledby={`consent-${purpose}`}>
      <div>
        <h3 id={`consent-${purpose}`}>{text(`consent.${purpose}`)}</h3>
        <p>{text(`consent.${purpose}.text`)}</p>
        <p className="quiet">
          {last === undefined ? text('consents.never') : given ? text('consents.given', at) : text('consents.withdrawn', at)}
        </p>
      </div>
      <button
        type="button"
        role="switch"
        className="switch"
        aria-checked={given}
        aria-labelledby={`consent-${purpose}`}
        disabled={isShut}
        onClick={() => onChange(purpose, !given)}
      >
        <span>{text(given ? 'consents.yes' : 'consents.no')}</span>
      </button>
    </section>
  )
}

function Receipts({ receipts, reader }: { readonly receipts: readonly ConsentReceipt[]; readonly reader: Reader }) {
  const { text } = useTexts()
  return (
    <section>
      <h3>{text('consents.receipts')}</h3>
      <Table
        caption={text('consents.receipts')}
        head={[text('consents.when'), text('consents.what'), text('consents.said'), text('consents.words'), text('consents.receipt')]}
        rows={receipts.map(({ receiptId, purpose, given, givenAt, textVersion }) => [
          reader.moment(Date.parse(givenAt)),
          text(`consent.${purpose}`),
          text(given ? 'consents.yes' : 'consents.no'),
          textVersion,
          receiptId,
        ])}
      />
    </section>
  )
}
