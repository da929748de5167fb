import type { ReactNode } from 'react'
import { useTexts } from '../texts/texts.tsx'
import { adviceOf } from './states.tsx'

/** What became of something that was done, where it went wrong. */
export function ActionError({ error }: { readonly error: unknown }) {
  const { text } = useTexts()
  return error === undefined ? null : (
    <p className="notice" role="alert">
      {adviceOf(error, text)}
    </p>
  )
}

interface FieldProps {
  readonly label: string
  readonly hint?: string
  readonly children: ReactNode
}

/** One thing to fill in. The control is its child. */
export function Field({ label, hint, children }: FieldProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child.
    <label className="field">
      <span>{label}</span>
      {children}
      {hint !== undefined && <small>{hint}</small>}
    </label>
  )
}
