import type { ReactNode } from 'react'
import { Problem } from '../../../src/model/problem.ts'
import type { Loaded } from '../state/store.ts'
import type { TextKey } from '../texts/catalogue.ts'
import { type Text, useTexts } from '../texts/texts.tsx'

/** While something is on its way. Shown only after a moment, so that what is quick does not flicker. */
export function Waiting() {
  const { text } = useTexts()
  return (
    <p className="waiting" role="status">
      <span className="waiting-mark" aria-hidden="true" />
      {text('app.loading')}
    </p>
  )
}

interface NothingProps {
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}

/** A place where nothing is, and what can be done about it. */
export function Nothing({ title, text, children }: NothingProps) {
  return (
    <section className="nothing">
      <h1>{title}</h1>
      <p>{text}</p>
      {children}
    </section>
  )
}

/** What went wrong, in the words that say what to do. */
export function Failure({ error, onRetry }: { readonly error: unknown; readonly onRetry?: (() => void) | undefined }) {
  const { text } = useTexts()
  return (
    <section className="nothing" role="alert">
      <h2>{text('app.failed')}</h2>
      <p>{adviceOf(error, text)}</p>
      {onRetry !== undefined && (
        <button type="button" className="button" onClick={onRetry}>
          {text('app.retry')}
        </button>
      )}
    </section>
  )
}

const known = [
  ...(['not_recognised', 'not_a_zip', 'archive_corrupt', 'empty_body'] as const),
  ...(['unavailable', 'storage_full', 'rate_limited', 'conflict', 'not_found'] as const),
]

/** In the reader's language where there is one; else the server's own words. */
export function adviceOf(error: unknown, text: Text): string {
  if (!(error instanceof Problem)) return text('app.fault')
  const code = known.find((each) => each === error.code)
  return code === undefined ? `${error.detail} ${error.advice}` : text(`problem.${code}` satisfies TextKey)
}

interface WhenLoadedProps<T> {
  readonly loaded: Loaded<T>
  readonly children: (value: T) => ReactNode
}

/** One of the three states of what was asked for. */
export function WhenLoaded<T>({ loaded, children }: WhenLoadedProps<T>) {
  switch (loaded.state) {
    case 'loading':
      return <Waiting />
    case 'failed':
      return <Failure error={loaded.error} />
    case 'ready':
      return children(loaded.value)
  }
}
