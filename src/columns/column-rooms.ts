/** Room for the doubles of a column. */
export interface Room {
  readonly rows: number
  readonly next: () => Float64Array
}

/** So many columns of doubles in one piece of memory: of tens of thousands of small ones each costs more than what is in it. */
export function doublesFor(rows: number, columns: number): Room['next'] {
  let whole = new Float64Array(0)
  let used = 0
  return () => {
    if (used + rows > whole.length) {
      whole = new Float64Array(rows * columns)
      used = 0
    }
    used += rows
    return columns === 1 ? whole : whole.subarray(used - rows, used)
  }
}

// Used again for every column: nothing here waits.
export const codeRoom = roomFor()
export const presenceRoom = roomFor()
/** Only read. */
export const zeros = roomFor()

function roomFor(): (rows: number) => Int32Array {
  let memory = new Int32Array(0)
  return (rows) => {
    if (rows > memory.length) memory = new Int32Array(2 ** Math.ceil(Math.log2(rows)))
    return memory
  }
}
