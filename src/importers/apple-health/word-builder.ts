import type { Words } from '../../model/sample-table.ts'

/** One column of words, filled row by row. What `take` gives is good until the next `begin`. */
export interface WordBuilder {
  begin(rows: number): void
  /** Rows [from, to) have this word. `id` stands for it in every table, so that most words are looked up by number; −1 when it does not. */
  fill(from: number, to: number, id: number, text: string | null): void
  /** The same for a word that `id` is known to stand for; false, and nothing done, where it is not known. */
  fillKnown(from: number, to: number, id: number): boolean
  take(): Words
}

interface Word {
  readonly text: string | null
  /** The table that `code` is of. */
  table: number
  code: number
}

export function wordBuilder(): WordBuilder {
  const memory = wordMemory()
  let table = 0
  let rows = 0
  /** Used again by every table. */
  let codes = new Int32Array(0)
  /** Cleared with the first word: half of the columns of most tables have none. */
  let isClear = false
  let words: string[] = []
  let last: Word | undefined
  let lastId = -1

  function put(from: number, to: number, word: Word): void {
    if (word.text === null) return
    if (word.table !== table) {
      word.table = table
      word.code = words.push(word.text) - 1
    }
    if (!isClear) clear()
    if (to - from === 1) codes[from] = word.code
    else codes.fill(word.code, from, to)
  }

  function clear(): void {
    if (rows > codes.length) codes = new Int32Array(2 ** Math.ceil(Math.log2(rows)))
    codes.fill(-1, 0, rows)
    isClear = true
  }

  return {
    begin(count) {
      rows = count
      table++
      isClear = false
      if (words.length > 0) words = []
      memory.bound()
      lastId = -1
    },
    fill(from, to, id, text) {
      if (last === undefined || id !== lastId || id < 0) last = memory.word(id, text)
      lastId = id
      put(from, to, last)
    },
    fillKnown(from, to, id) {
      const word = id === lastId ? last : memory.known(id)
      if (word === undefined) return false
      last = word
      lastId = id
      put(from, to, word)
      return true
    },
    take: () => ({ codes: isClear ? codes.subarray(0, rows) : absent(rows), words }),
  }
}

const MOST_WORDS = 4000
const MOST_LENGTH = 1 << 18

/** Words from table to table, since most come again day by day. */
function wordMemory() {
  const byId = new Map<number, Word>()
  const byText = new Map<string | null, Word>()
  let length = 0

  function add(text: string | null): Word {
    const word = { text, table: 0, code: -1 }
    byText.set(text, word)
    length += text?.length ?? 0
    return word
  }

  return {
    known: (id: number) => byId.get(id),
    word(id: number, text: string | null): Word {
      const known = id < 0 ? undefined : byId.get(id)
      if (known !== undefined) return known
      const word = byText.get(text) ?? add(text)
      if (id >= 0) byId.set(id, word)
      return word
    },
    /** Between two tables: too many are forgotten together, so that a file of ever new ones costs no memory. */
    bound(): void {
      if (byId.size <= MOST_WORDS && byText.size <= MOST_WORDS && length <= MOST_LENGTH) return
      byId.clear()
      byText.clear()
      length = 0
    },
  }
}

let nothing = new Int32Array(1 << 12).fill(-1)
let ofTable = nothing

/** No word in any row: all such columns are one. */
function absent(rows: number): Int32Array {
  if (rows > nothing.length) nothing = new Int32Array(2 ** Math.ceil(Math.log2(rows))).fill(-1)
  if (ofTable.length !== rows) ofTable = nothing.subarray(0, rows)
  return ofTable
}
