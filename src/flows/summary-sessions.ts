import { wordAt } from '../columns/select.ts'
import { makeTable, type SampleTable } from '../model/sample-table.ts'

const TYPE = 'ActivitySummary'

/** The texts of a table that holds nothing but a device's words about its day; undefined for any other. They stand in the document itself. */
export function summaryTexts(table: SampleTable): string[] | undefined {
  const { words } = table.words.type
  if (words.length !== 1 || words[0] !== TYPE) return undefined
  return Array.from({ length: table.rows }, (_, row) => wordAt(table, 'text', row) ?? '')
}

/** The table that such texts came from. */
export function summaryTable(localDate: string, texts: readonly string[]): SampleTable {
  const rows = texts.length
  const noonMs = Temporal.PlainDate.from(localDate).toZonedDateTime({ timeZone: 'UTC', plainTime: '12:00' }).epochMilliseconds
  const columns = {
    type: { codes: new Int32Array(rows), words: [TYPE] },
    text: { codes: Int32Array.from(texts, (_, at) => at), words: [...texts] },
  }
  return makeTable(rows, {
    words: (name) => (name === 'type' || name === 'text' ? columns[name] : { codes: new Int32Array(rows).fill(-1), words: [] }),
    instants: (name) => new Float64Array(rows).fill(name === 'created' ? Number.NaN : noonMs),
    numbers: () => new Float64Array(rows).fill(Number.NaN),
  })
}
