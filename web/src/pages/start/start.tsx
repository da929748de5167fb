import { useEffect, useState } from 'react'
import { Problem } from '../../../../src/model/problem.ts'
import { formatsFor } from '../../format/format.ts'
import { adviceOf, Waiting } from '../../parts/states.tsx'
import { go, pathTo } from '../../router.ts'
import { client } from '../../state/client.ts'
import { endSending, type SendingState, sendFile, useSending } from '../../state/sending.ts'
import { leaveIfSignedOut } from '../../state/signed-out.ts'
import { useTexts } from '../../texts/texts.tsx'
import { DropZone } from './drop-zone.tsx'
import { SendingProgress } from './sending-progress.tsx'
import { ZoneChoice } from './zone-choice.tsx'

/** Whoever drops a file here first; the name is theirs to change over the API. */
const FIRST_PERSON = 'me'
const SYNTHETIC_PERSON = 'robin'

/** An empty house: it invites a file, or shows somebody who does not exist. */
export function StartPage() {
  const { text } = useTexts()
  const sending = useSending()
  const [zone, setZone] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const [isAsking, setIsAsking] = useState(false)
  const [error, setError] = useState<unknown>()
  useArrival(sending)
  const begin = (work: Promise<unknown>) => {
    setError(undefined)
    setIsAsking(true)
    work
      .catch((failure: unknown) => {
        leaveIfSignedOut(failure)
        setError(failure)
      })
      .finally(() => setIsAsking(false))
  }
  if (sending.state === 'looking' || sending.state === 'done') return <Waiting />
  if (sending.state === 'sending') return <SendingProgress {...sending} />
  return (
    <section className="start">
      <h1>{text('start.title')}</h1>
      <p className="lead">{text('start.text')}</p>
      {sending.state === 'interrupted' && error === undefined && <InterruptedNote {...sending} />}
      {sending.state === 'failed' && <FailedNote {...sending} />}
      {error !== undefined && (
        <p className="notice" role="alert">
          {adviceOf(error, text)}
        </p>
      )}
      <DropZone isBusy={isAsking} onFile={(file) => begin(sendFile(FIRST_PERSON, zone, file))} />
      <ZoneChoice zone={zone} onChange={setZone} />
      <div className="start-or">
        <button type="button" className="button" disabled={isAsking} onClick={() => begin(makeSynthetic())}>
          {text('start.synthetic')}
        </button>
        <p>{text('start.synthetic.text')}</p>
      </div>
      <details className="start-how">
        <summary>{text('start.how')}</summary>
        <ol>
          <li>{text('start.how.1')}</li>
          <li>{text('start.how.2')}</li>
          <li>{text('start.how.3')}</li>
        </ol>
      </details>
    </section>
  )
}

/** Once a file is there one is led to what becomes of it. */
function useArrival(sending: SendingState): void {
  useEffect(() => {
    if (sending.state === 'failed' && sending.code !== 'unreadable' && sending.code !== 'fault')
      leaveIfSignedOut(new Problem(sending.code, sending.detail))
    if (sending.state !== 'done') return
    const { userId, importId } = sending.view
    endSending()
    go(pathTo('arriving', { userId, importId }))
  }, [sending])
}

/** Who was made before is shown again. */
async function makeSynthetic(): Promise<void> {
  try {
    const { userId, importId } = (await client.makeSynthetic({ body: { userId: SYNTHETIC_PERSON } })).body
    go(pathTo('arriving', { userId, importId }))
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'conflict')) throw error
    go(pathTo('today', { userId: SYNTHETIC_PERSON }))
  }
}

function FailedNote({ code, detail }: Extract<SendingState, { state: 'failed' }>) {
  const { text } = useTexts()
  const isOurs = code !== 'unreadable' && code !== 'fault'
  return (
    <p className="notice" role="alert">
      {isOurs ? adviceOf(new Problem(code, detail), text) : text(code === 'unreadable' ? 'start.unreadable' : 'app.fault')}
    </p>
  )
}

function InterruptedNote({ file, received, size }: Extract<SendingState, { state: 'interrupted' }>) {
  const { text, locale } = useTexts()
  const { bytes } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  return (
    <p className="notice" role="status">
      {text('start.interrupted', { file, done: bytes(received), total: bytes(size) })}
    </p>
  )
}
