import type { Words } from '../../model/sample-table.ts'

/** One column of words, filled row by row. What `take` gives is good until the next `begin`. */
export interface WordBuilder {
  begin(rows: number): void
  /** `id` stands for the word within this table, so that most words are looked up by number; −1 when it does not. */
  set(row: number, id: number, text: string | null): void
  /** The same for rows [from, to). */
  fill(from: number, to: number, id: number, text: string | null): void
  /** Whether `id` was set before: then its text need not be made again. */
  knows(id: number): boolean
  take(): Words
}

export function wordBuilder(): WordBuilder {
  let rows = 0
  /** Used again by every table. */
  let codes = new Int32Array(0)
  /** Cleared with the first word: half of the columns of most tables have none. */
  let isClear = false
  let words: string[] = []
  const byId = new Map<number, number>()
  const byText = new Map<string, number>()
  let lastId = -1
  let lastCode = -1

  function codeOf(text: string | null): number {
    if (text === null) return -1
    let code = byText.get(text)
    if (code === undefined) {
      code = words.push(text) - 1
      byText.set(text, code)
    }
    return code
  }

  function remember(id: number, text: string | null): void {
    lastCode = (id < 0 ? undefined : byId.get(id)) ?? codeOf(text)
    if (id >= 0) byId.set(id, lastCode)
    lastId = id
  }

  function clear(): void {
    if (rows > codes.length) codes = new Int32Array(2 ** Math.ceil(Math.log2(rows)))
    codes.fill(-1, 0, rows)
    isClear = true
  }

  function fill(from: number, to: number, id: number, text: string | null): void {
    if (id !== lastId || id < 0) remember(id, text)
    if (lastCode < 0) return
    if (!isClear) clear()
    if (to - from === 1) codes[from] = lastCode
    else codes.fill(lastCode, from, to)
  }

  return {
    begin(count) {
      rows = count
      isClear = false
      if (words.length > 0) words = []
      byId.clear()
      byText.clear()
      lastId = -1
    },
    set: (row, id, text) => fill(row, row + 1, id, text),
    fill,
    knows: (id) => byId.has(id),
    take: () => ({ codes: isClear ? codes.subarray(0, rows) : absent(rows), words }),
  }
}

let nothing = new Int32Array(1 << 12).fill(-1)

/** No word in any row: all such columns are one. */
function absent(rows: number): Int32Array {
  if (rows > nothing.length) nothing = new Int32Array(2 ** Math.ceil(Math.log2(rows))).fill(-1)
  return nothing.subarray(0, rows)
}
