import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from 'react'
import type { Day } from '../../../src/model/day.ts'
import type { Evidence } from '../../../src/model/insight.ts'
import { bound } from '../format/bound.ts'
import type { Reader } from '../state/person.ts'
import { speak } from '../texts/sentences/spoken.ts'
import { useTexts } from '../texts/texts.tsx'
import { EvidenceItem } from './evidence-item.tsx'

/** What somebody said and what it rests on. */
export interface Told {
  readonly text: string
  readonly evidence: readonly Evidence[]
}

interface Asking {
  readonly open: (told: Told) => void
  readonly reader: Reader
}

const Asked = createContext<Asking | undefined>(undefined)

interface Props {
  readonly userId: string
  readonly day: Day
  readonly reader: Reader
  readonly children: ReactNode
}

/** Sentences within it open, in a sheet beside the page, the numbers that they rest on. */
export function EvidenceDrawer({ children, ...about }: Props) {
  const [told, setTold] = useState<Told>()
  const { reader } = about
  const asking = useMemo(() => ({ open: setTold, reader }), [reader])
  return (
    <Asked value={asking}>
      {children}
      {told !== undefined && <Sheet told={told} onClose={() => setTold(undefined)} {...about} />}
    </Asked>
  )
}

/** A sentence that can be asked. */
export function SentenceButton({ sentence }: { readonly sentence: Told }) {
  const { text, language } = useTexts()
  const asking = useContext(Asked)
  if (asking === undefined) return null
  const spoken = speak(sentence.text, language, asking.reader)
  // Whoever reads it aloud is told where it is in another language than the page.
  const lang = spoken.language === language ? undefined : spoken.language
  if (sentence.evidence.length === 0) return <span lang={lang}>{bound(spoken.text)} </span>
  return (
    <>
      <button type="button" className="sentence" lang={lang} title={text('today.evidence.open')} onClick={() => asking.open(sentence)}>
        {bound(spoken.text)}
      </button>{' '}
    </>
  )
}

interface SheetProps extends Omit<Props, 'children'> {
  readonly told: Told
  readonly onClose: () => void
}

function Sheet({ told, onClose, ...about }: SheetProps) {
  const { text, language } = useTexts()
  const spoken = speak(told.text, language, about.reader)
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
        <blockquote lang={spoken.language}>{bound(spoken.text)}</blockquote>
        {told.evidence.map((evidence) => (
          <EvidenceItem key={`${evidence.metric} ${evidence.window} ${evidence.value}`} evidence={evidence} {...about} />
        ))}
      </div>
    </dialog>
  )
}
