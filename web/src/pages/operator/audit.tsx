import { useCallback, useState } from 'react'
import { More, useGrowing, useLimit } from '../../parts/more.tsx'
import { PartHead } from '../../parts/parts-page.tsx'
import { WhenLoaded } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { client } from '../../state/client.ts'
import { firstOf } from '../../state/pages.ts'
import { useLoaded } from '../../state/store.ts'
import { useTexts } from '../../texts/texts.tsx'
import { checkChain } from './audit-chain.ts'
import type { OperatorProps } from './operator.tsx'

const outcomes = ['', 'allow', 'deny', 'error'] as const
type Outcome = (typeof outcomes)[number]

/** The sealed log, the newest first, and whether what is shown is what was sealed. */
export function AuditPart({ formats }: OperatorProps) {
  const { text } = useTexts()
  const [outcome, setOutcome] = useState<Outcome>('')
  const [limit, more] = useLimit()
  const load = useCallback(async () => {
    const of = outcome === '' ? {} : { outcome }
    const { data, nextCursor } = await firstOf(limit, async (page) => (await client.listAuditLogs({ query: { ...of, ...page } })).body)
    // What a filter leaves out breaks no chain: only the whole is checked.
    return { data, nextCursor, verdict: outcome === '' ? await checkChain(data) : undefined }
  }, [limit, outcome])
  const { list, isGrowing } = useGrowing(outcome, useLoaded(`operator/audit/${outcome}/${limit}`, load))
  return (
    <>
      <PartHead title={text('operator.audit')} text={text('audit.text')} />
      <div className="filters">
        <label>
          {text('access.outcome')}
          <select value={outcome} onChange={({ target }) => setOutcome(outcomes.find((each) => each === target.value) ?? '')}>
            {outcomes.map((each) => (
              <option key={each} value={each}>
                {each === '' ? text('audit.all') : text(`outcome.${each}`)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <WhenLoaded loaded={list}>
        {({ data, nextCursor, verdict }) => (
          <>
            {verdict !== undefined && (
              <p className={verdict.isWhole ? 'good' : 'notice'} role="status">
                {verdict.isWhole
                  ? text('audit.whole', { first: verdict.first, last: verdict.last })
                  : text('audit.broken', { at: verdict.at })}
              </p>
            )}
            <Table
              caption={text('operator.audit')}
              head={[
                text('audit.number'),
                text('access.when'),
                text('access.who'),
                text('access.did'),
                text('access.what'),
                text('access.outcome'),
                text('audit.seal'),
              ]}
              rows={data.map(({ seq, at, actor, action, resource, outcome: came, code, hash }) => [
                String(seq),
                formats.moment(Date.parse(at)),
                [actor.type, (actor.id ?? actor.keyId)?.slice(0, 8)].filter(Boolean).join(' · '),
                text(`action.${action}`),
                resource.type,
                code ?? text(`outcome.${came}`),
                hash.slice(0, 8),
              ])}
            />
            <More hasMore={nextCursor !== undefined} isGrowing={isGrowing} onMore={more} />
            <p className="quiet">
              {text('audit.command')} <code>npm run -s clarity -- audit verify</code>
            </p>
          </>
        )}
      </WhenLoaded>
    </>
  )
}
