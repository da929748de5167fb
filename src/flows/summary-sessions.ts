import { wordAt } from '../columns/select.ts'
import { instantColumns, numberColumns, type SampleTable, wordColumns } from '../model/sample-table.ts'

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
  const none = { codes: new Int32Array(rows).fill(-1), words: [] }
  const words = Object.fromEntries(wordColumns.map((name) => [name, none])) as unknown as SampleTable['words']
  const instants = Object.fromEntries(
    instantColumns.map((name) => [name, new Float64Array(rows).fill(name === 'created' ? Number.NaN : noonMs)]),
  )
  const numbers = Object.fromEntries(numberColumns.map((name) => [name, new Float64Array(rows).fill(Number.NaN)]))
  return {
    rows,
    words: {
      ...words,
      type: { codes: new Int32Array(rows), words: [TYPE] },
      text: { codes: Int32Array.from(texts, (_, at) => at), words: [...texts] },
    },
    instants: instants as SampleTable['instants'],
    numbers: numbers as SampleTable['numbers'],
  }
}
