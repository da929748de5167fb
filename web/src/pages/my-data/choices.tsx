interface Props<Name extends string> {
  readonly title: string
  readonly names: readonly Name[]
  readonly nameOf: (name: Name) => string
  readonly chosen: ReadonlySet<Name>
  readonly onChange: (chosen: ReadonlySet<Name>) => void
}

/** Some of a list. */
export function Choices<Name extends string>({ title, names, nameOf, chosen, onChange }: Props<Name>) {
  return (
    <fieldset className="choices">
      <legend>{title}</legend>
      {names.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={chosen.has(name)}
            onChange={({ target }) => onChange(target.checked ? new Set([...chosen, name]) : chosen.difference(new Set([name])))}
          />
          {nameOf(name)}
        </label>
      ))}
    </fieldset>
  )
}
