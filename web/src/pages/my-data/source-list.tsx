import { useEffect, useRef, useState } from 'react'
import type { Source } from '../../../../src/model/source.ts'
import { useTexts } from '../../texts/texts.tsx'
import { moved } from './source-order.ts'

interface Props {
  readonly sources: readonly Source[]
  readonly mayChange: boolean
  readonly onChange: (sources: readonly Source[]) => void
}

/** Sources in order, the best first; moved by the buttons or arrow keys, or by drawing at the handle. */
export function SourceList({ sources, mayChange, onChange }: Props) {
  const { text } = useTexts()
  const list = useRef<HTMLOListElement>(null)
  const [drawn, setDrawn] = useState<string>()
  const [said, setSaid] = useState('')

  function move(id: string, to: number): void {
    const from = sources.findIndex((source) => source.id === id)
    const after = moved(sources, from, to)
    if (after === sources || from === to) return
    onChange(after)
    setSaid(text('sources.moved', { name: sources[from]?.name ?? '', place: to + 1, count: sources.length }))
  }

  /** The row under the pointer takes what is drawn. */
  function draw(id: string, { clientY }: PointerEvent): void {
    const rows = [...(list.current?.children ?? [])]
    const to = rows.findIndex((row) => clientY < row.getBoundingClientRect().bottom)
    move(id, to < 0 ? sources.length - 1 : to)
  }

  // On the window: a row that moves loses the pointer that it has caught. Anew with each order.
  useEffect(() => {
    if (drawn === undefined) return undefined
    const onMove = (event: PointerEvent) => draw(drawn, event)
    const onEnd = () => setDrawn(undefined)
    addEventListener('pointermove', onMove)
    addEventListener('pointerup', onEnd)
    addEventListener('pointercancel', onEnd)
    return () => {
      removeEventListener('pointermove', onMove)
      removeEventListener('pointerup', onEnd)
      removeEventListener('pointercancel', onEnd)
    }
  })

  return (
    <>
      <ol ref={list} className="source-list">
        {sources.map(({ id, name, kind }, at) => (
          <li key={id} className={drawn === id ? 'source-row source-drawn' : 'source-row'}>
            {mayChange && (
              <span
                className="source-handle"
                aria-hidden="true"
                onPointerDown={(event) => {
                  event.preventDefault()
                  setDrawn(id)
                }}
              >
                ⠿
              </span>
            )}
            <span className="source-place">{at + 1}</span>
            <span className="source-name">
              <strong>{name}</strong> <span className="quiet">{text(`source.${kind}`)}</span>
            </span>
            {mayChange && (
              <span className="source-ways">
                <Way name={text('sources.up', { name })} sign="↑" isShut={at === 0} onGo={() => move(id, at - 1)} />
                <Way name={text('sources.down', { name })} sign="↓" isShut={at === sources.length - 1} onGo={() => move(id, at + 1)} />
              </span>
            )}
          </li>
        ))}
      </ol>
      <p className="unseen" role="status">
        {said}
      </p>
    </>
  )
}

interface WayProps {
  readonly name: string
  readonly sign: string
  readonly isShut: boolean
  readonly onGo: () => void
}

/** Not disabled at the end of its way: it would lose the focus that moved with it. */
function Way({ name, sign, isShut, onGo }: WayProps) {
  return (
    <button type="button" className={isShut ? 'way way-shut' : 'way'} aria-label={name} aria-disabled={isShut} onClick={onGo}>
      {sign}
    </button>
  )
}
