import { type DragEvent, useEffect, useRef, useState } from 'react'
import { useTexts } from '../../texts/texts.tsx'

interface Props {
  readonly isBusy: boolean
  readonly onFile: (file: File) => void
}

/** Where a file is dropped or chosen. A file that misses it does not replace the page. */
export function DropZone({ isBusy, onFile }: Props) {
  const { text } = useTexts()
  const [isOver, setIsOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    const keep = (event: Event) => event.preventDefault()
    addEventListener('dragover', keep)
    addEventListener('drop', keep)
    return () => {
      removeEventListener('dragover', keep)
      removeEventListener('drop', keep)
    }
  }, [])
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setIsOver(false)
    const [file] = event.dataTransfer.files
    if (file !== undefined && !isBusy) onFile(file)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way to what the button inside does.
    <div
      className={isOver ? 'drop drop-over' : 'drop'}
      aria-busy={isBusy}
      onDragOver={() => setIsOver(true)}
      onDragLeave={() => setIsOver(false)}
      onDrop={onDrop}
    >
      <svg width="44" height="44" viewBox="0 0 44 44" aria-hidden="true">
        <path d="M22 29V9m0 0-8 8m8-8 8 8M8 28v6a3 3 0 0 0 3 3h22a3 3 0 0 0 3-3v-6" />
      </svg>
      <p className="drop-title">{text(isOver ? 'start.dropNow' : 'start.drop')}</p>
      <p>
        {text('start.or')}{' '}
        <button type="button" className="button button-first" disabled={isBusy} onClick={() => input.current?.click()}>
          {text('start.choose')}
        </button>
      </p>
      <input
        ref={input}
        type="file"
        accept=".zip,.xml,application/zip,text/xml"
        aria-label={text('start.choose')}
        tabIndex={-1}
        className="drop-input"
        onChange={({ target }) => {
          const file = target.files?.[0]
          // The same file may be chosen again after an error.
          target.value = ''
          if (file !== undefined) onFile(file)
        }}
      />
    </div>
  )
}
