import { useCallback, useState } from 'react'
import { WhenLoaded } from '../../parts/states.tsx'
import { Table } from '../../parts/table.tsx'
import { client } from '../../state/client.ts'
import { keysOf } from '../../state/feed.ts'
import type { Reader } from '../../state/person.ts'
import { useLoaded } from '../../state/store.ts'
import type { Language } from '../../texts/catalogue.ts'
import { nameOfSamples } from '../../texts/metric-names.ts'
import { useTexts } from '../../texts/texts.tsx'
import { reasonOf } from './session-quality.tsx'

const MOST_SHOWN = 100

interface Props {
  readonly userId: string
  readonly sessionId: string
  readonly reader: Reader
}

type SetAside = NonNullable<Awaited<ReturnType<typeof client.getSession>>['body']['setAside']>[number]

/** The samples of a session that are in no figure, each with its reason; asked for when they are wanted. */
export function SessionAside(props: Props) {
  const { text } = useTexts()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details className="as-table" onToggle={({ currentTarget }) => setIsOpen(currentTarget.open)}>
      <summary>{text('sessions.aside.show')}</summary>
      {isOpen && <Samples {...props} />}
    </details>
  )
}

function Samples({ userId, sessionId, reader }: Props) {
  const { text, language } = useTexts()
  const load = useCallback(
    async () => (await client.getSession({ params: { userId, sessionId }, query: { quarantined: 'true' } })).body.setAside ?? [],
    [userId, sessionId],
  )
  const aside = useLoaded(keysOf.series(userId, `aside/${sessionId}`), load)
  return (
    <WhenLoaded loaded={aside}>
      {(samples) => (
        <>
          {samples.length > MOST_SHOWN && <p className="quiet">{text('evidence.samples.more', { count: MOST_SHOWN })}</p>}
          <Table
            caption={text('sessions.aside.show')}
            head={[text('evidence.time'), text('sessions.aside.what'), text('evidence.value'), text('sessions.aside.reason')]}
            rows={samples
              .slice(0, MOST_SHOWN)
              .map((sample) => [timeOf(sample, reader), whatOf(sample, language), measured(sample, reader), reasonOf(sample.reason, text)])}
          />
        </>
      )}
    </WhenLoaded>
  )
}

function timeOf({ startTime, endTime }: SetAside, reader: Reader): string {
  if (startTime === undefined) return '–'
  const start = reader.moment(Date.parse(startTime))
  return endTime === undefined ? start : `${start} – ${reader.clock(Date.parse(endTime))}`
}

/** A type that no metric stands for by its own name: the last word of a path. */
function whatOf({ metric, type = '' }: SetAside, language: Language): string {
  return nameOfSamples(metric ?? type.split('/').at(-1) ?? type, language)
}

function measured({ value, unit, text }: SetAside, reader: Reader): string {
  if (value === undefined) return text ?? '–'
  return unit === undefined ? reader.number(value, 3) : reader.quantity(value, unit)
}
