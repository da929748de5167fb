import type { Words } from '../../model/sample-table.ts'

/** One column of words, filled row by row. */
export interface WordBuilder {
  begin(codes: Int32Array<ArrayBuffer>): void
  /** `id` stands for the word within this table, so that most words are looked up by number; −1 when it does not. */
  set(row: number, id: number, text: string | null): void
  /** The same for rows [from, to). */
  fill(from: number, to: number, id: number, text: string | null): void
  /** Whether `id` was set before: then its text need not be made again. */
  knows(id: number): boolean
  take(): Words
}

export function wordBuilder(): WordBuilder {
  let codes: Int32Array = new Int32Array(0)
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

  return {
    begin(column) {
      codes = column.fill(-1)
      words = []
      byId.clear()
      byText.clear()
      lastId = -1
    },
    set(row, id, text) {
      if (id !== lastId || id < 0) remember(id, text)
      codes[row] = lastCode
    },
    fill(from, to, id, text) {
      if (id !== lastId || id < 0) remember(id, text)
      if (lastCode >= 0) codes.fill(lastCode, from, to)
    },
    knows: (id) => byId.has(id),
    take: () => ({ codes, words }),
  }
}
