import { useTexts } from '../../texts/texts.tsx'
import type { Line } from './layer.ts'
import type { NamedSource } from './use-sources.ts'

interface Props {
  /** Ids; none: the best of each time. */
  readonly chosen: readonly string[]
  readonly named: readonly NamedSource[]
  readonly lines: readonly Line[] | undefined
  readonly onChoose: (ids: readonly string[]) => void
}

/** Whose values are shown: the best of each time, or those of single sources beside each other. */
export function SourceChoice({ chosen, named, lines, onChoose }: Props) {
  const { text } = useTexts()
  const colourOf = (id: string | undefined) => {
    const at = lines?.findIndex(({ source }) => source === id) ?? -1
    return at < 0 ? undefined : <i className={`source-${(at % 4) + 1}`} />
  }
  const shown = [...named, ...chosen.filter((id) => !named.some((source) => source.id === id)).map((id) => ({ id, name: id }))]
  return (
    <fieldset className="explore-sources">
      <legend className="unseen">{text('explore.sources')}</legend>
      <label>
        <input type="checkbox" checked={chosen.length === 0} disabled={chosen.length === 0} onChange={() => onChoose([])} />
        {colourOf(undefined)}{' '}
        {text(
          chosen.length === 0 && (lines ?? []).some(({ source }) => source !== undefined) ? 'explore.sources.all' : 'explore.sources.best',
        )}
      </label>
      {shown.map(({ id, name }) => (
        <label key={id}>
          <input
            type="checkbox"
            checked={chosen.includes(id)}
            onChange={({ target }) => onChoose(target.checked ? [...chosen, id] : chosen.filter((each) => each !== id))}
          />
          {colourOf(id)} {name}
        </label>
      ))}
    </fieldset>
  )
}
