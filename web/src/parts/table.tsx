import { useTexts } from '../texts/texts.tsx'

interface Props {
  readonly caption: string
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/** Figures in rows. */
export function Table({ caption, head, rows }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse.
    <section className="table" tabIndex={0} aria-label={caption}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {numbered(rows).map(([key, row]) => (
            <tr key={key}>
              {row.map((cell, at) => (
                <td key={head[at]}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** Rows may be alike: each by what it says, and which of those it is. */
function numbered(rows: Props['rows']): readonly (readonly [key: string, row: readonly string[]])[] {
  const seen = new Map<string, number>()
  return rows.map((row) => {
    const said = row.join('|')
    const count = (seen.get(said) ?? 0) + 1
    seen.set(said, count)
    return [`${said}|${count}`, row]
  })
}

/** The numbers of a drawing, for whoever does not see it or wants them. */
export function TableOf(props: Props) {
  const { text } = useTexts()
  return (
    <details className="as-table">
      <summary>{text('app.asTable')}</summary>
      <Table {...props} />
    </details>
  )
}
