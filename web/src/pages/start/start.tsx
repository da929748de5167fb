import { useState } from 'react'
import { formatsFor } from '../../format/format.ts'
import { adviceOf } from '../../parts/states.tsx'
import { go, pathTo } from '../../router.ts'
import { client } from '../../state/client.ts'
import { sendFile, takeInterrupted, useSending } from '../../state/sending.ts'
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
  const [interrupted] = useState(takeInterrupted)
  const show = (work: Promise<{ readonly userId: string; readonly importId: string }>) => {
    setError(undefined)
    setIsAsking(true)
    work
      .then(({ userId, importId }) => go(pathTo('arriving', { userId, importId })))
      .catch((failure: unknown) => {
        leaveIfSignedOut(failure)
        if (!isStopped(failure)) setError(failure)
      })
      .finally(() => setIsAsking(false))
  }
  if (sending !== undefined) return <SendingProgress sending={sending} />
  return (
    <section className="start">
      <h1>{text('start.title')}</h1>
      <p className="lead">{text('start.text')}</p>
      {interrupted !== undefined && error === undefined && <InterruptedNote {...interrupted} />}
      {error !== undefined && (
        <p className="notice" role="alert">
          {adviceOf(error, text)}
        </p>
      )}
      <DropZone isBusy={isAsking} onFile={(file) => show(sendFile(FIRST_PERSON, zone, file))} />
      <ZoneChoice zone={zone} onChange={setZone} />
      <div className="start-or">
        <button type="button" className="button" disabled={isAsking} onClick={() => show(makeSynthetic())}>
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

async function makeSynthetic(): Promise<{ readonly userId: string; readonly importId: string }> {
  return (await client.makeSynthetic({ body: { userId: SYNTHETIC_PERSON } })).body
}

function isStopped(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError'
}

function InterruptedNote({ file, sent, total }: { readonly file: string; readonly sent: number; readonly total: number }) {
  const { text, locale } = useTexts()
  const { bytes } = formatsFor({ locale, zone: 'UTC', units: 'metric' })
  return (
    <p className="notice" role="status">
      {text('start.interrupted', { file, done: bytes(sent), total: bytes(total) })}
    </p>
  )
}
