/** Where the columns of a table come from. */
export interface Rooms {
  readonly doubles: (rows: number) => Float64Array
  readonly codes: (rows: number) => Int32Array
}

/** Whoever wants all columns may keep one of them for long: each has memory of its own. */
export const apart: Rooms = { doubles: (rows) => new Float64Array(rows), codes: (rows) => new Int32Array(rows) }

/** Of tens of thousands of small columns each costs more than what is in it: they are parts of pieces, which live as long as any part. */
export const together: Rooms = {
  doubles: partsOf((rows) => new Float64Array(rows), 8192),
  codes: partsOf((rows) => new Int32Array(rows), 8192),
}

function partsOf<T extends Float64Array | Int32Array>(make: (rows: number) => T, size: number): (rows: number) => T {
  let piece = make(0)
  let used = 0
  return (rows) => {
    if (rows > size / 8) return make(rows)
    if (used + rows > piece.length) {
      piece = make(size)
      used = 0
    }
    used += rows
    return piece.subarray(used - rows, used) as T
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
