import { makeTable, type SampleTable, type WordColumn, type Words } from '../model/sample-table.ts'

/** Rows of one table or of several, in the order given: `from[k]` says which table, `rows[k]` which of its rows. */
export function selectRows(tables: readonly SampleTable[], from: ArrayLike<number>, rows: ArrayLike<number>): SampleTable {
  const count = rows.length
  const numbersOf = (pick: (table: SampleTable) => Float64Array): Float64Array => {
    const sources = tables.map(pick)
    const out = new Float64Array(count)
    for (let k = 0; k < count; k++) out[k] = (sources[from[k] as number] as Float64Array)[rows[k] as number] as number
    return out
  }
  return makeTable(count, {
    words: (name) =>
      selectWords(
        tables.map((table) => table.words[name]),
        from,
        rows,
      ),
    instants: (name) => numbersOf((table) => table.instants[name]),
    numbers: (name) => numbersOf((table) => table.numbers[name]),
  })
}

function selectWords(columns: readonly Words[], from: ArrayLike<number>, rows: ArrayLike<number>): Words {
  const words: string[] = []
  const known = new Map<string, number>()
  const codes = new Int32Array(rows.length).fill(-1)
  for (let k = 0; k < rows.length; k++) {
    const column = columns[from[k] as number] as Words
    const word = column.words[column.codes[rows[k] as number] as number]
    if (word === undefined) continue
    let code = known.get(word)
    if (code === undefined) {
      code = words.push(word) - 1
      known.set(word, code)
    }
    codes[k] = code
  }
  return { codes, words }
}

/** The word in a row, or undefined. */
export function wordAt(table: SampleTable, column: WordColumn, row: number): string | undefined {
  const { codes, words } = table.words[column]
  return words[codes[row] as number]
}
