import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import type { Day } from '../../../src/model/day.ts'
import type { Evidence } from '../../../src/model/insight.ts'
import type { Reader } from '../state/person.ts'
import { useTexts } from '../texts/texts.tsx'
import { EvidenceItem } from './evidence-item.tsx'

/** What somebody said and what it rests on. */
export interface Told {
  readonly text: string
  readonly evidence: readonly Evidence[]
}

const Open = createContext<(told: Told) => void>(() => undefined)

interface Props {
  readonly userId: string
  readonly day: Day
  readonly reader: Reader
  readonly children: ReactNode
}

/** Sentences within it open, in a sheet beside the page, the numbers that they rest on. */
export function EvidenceDrawer({ children, ...about }: Props) {
  const [told, setTold] = useState<Told>()
  return (
    <Open value={setTold}>
      {children}
      {told !== undefined && <Sheet told={told} onClose={() => setTold(undefined)} {...about} />}
    </Open>
  )
}

/** A sentence that can be asked. */
export function SentenceButton({ sentence }: { readonly sentence: Told }) {
  const { text } = useTexts()
  const open = useContext(Open)
  if (sentence.evidence.length === 0) return <span>{sentence.text} </span>
  return (
    <>
      <button type="button" className="sentence" title={text('today.evidence.open')} onClick={() => open(sentence)}>
        {sentence.text}
      </button>{' '}
    </>
  )
}

interface SheetProps extends Omit<Props, 'children'> {
  readonly told: Told
  readonly onClose: () => void
}

function Sheet({ told, onClose, ...about }: SheetProps) {
  const { text } = useTexts()
  const dialog = useRef<HTMLDialogElement>(null)
  // Modal: the page behind is out of reach, Escape closes, and focus goes back to the sentence.
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="sheet-title" onClose={onClose} closedby="any">
      <div className="sheet-inner">
        <header>
          <h2 id="sheet-title">{text('today.evidence')}</h2>
          <button type="button" className="way" aria-label={text('app.close')} onClick={() => dialog.current?.close()}>
            ×
          </button>
        </header>
        <blockquote>{told.text}</blockquote>
        {told.evidence.map((evidence) => (
          <EvidenceItem key={`${evidence.metric} ${evidence.window} ${evidence.value}`} evidence={evidence} {...about} />
        ))}
      </div>
    </dialog>
  )
}
