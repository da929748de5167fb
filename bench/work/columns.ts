/** The sink that both sides of the five-field pair fill: type, source, value, start, end as typed columns, with the sums that the generator tells. */
export interface FiveColumns {
  add(type: number, source: number, value: number, startS: number, endS: number): void
  /** Records alone; with `check` the sums too, which cost time that no importer spends. */
  sums(check: boolean): { records: number; startSum: number; endSum: number; valueSum: number }
}

const BLOCK = 1 << 18

export function fiveColumns(): FiveColumns {
  const blocks: { type: Uint16Array; source: Uint16Array; value: Float64Array; start: Int32Array; end: Int32Array }[] = []
  let at = BLOCK
  let block = newBlock()
  function newBlock() {
    return {
      type: new Uint16Array(BLOCK),
      source: new Uint16Array(BLOCK),
      value: new Float64Array(BLOCK),
      start: new Int32Array(BLOCK),
      end: new Int32Array(BLOCK),
    }
  }
  return {
    add(type, source, value, startS, endS) {
      if (at === BLOCK) {
        block = newBlock()
        blocks.push(block)
        at = 0
      }
      block.type[at] = type
      block.source[at] = source
      block.value[at] = value
      block.start[at] = startS
      block.end[at++] = endS
    },
    sums(check) {
      if (!check) return { records: (blocks.length - 1) * BLOCK + at, startSum: 0, endSum: 0, valueSum: 0 }
      let startSum = 0
      let endSum = 0
      let valueSum = 0
      blocks.forEach((each, index) => {
        const count = index === blocks.length - 1 ? at : BLOCK
        for (let k = 0; k < count; k++) {
          startSum += each.start[k] as number
          endSum += each.end[k] as number
          const value = each.value[k] as number
          if (!Number.isNaN(value)) valueSum += value
        }
      })
      return { records: (blocks.length - 1) * BLOCK + at, startSum, endSum, valueSum: Math.round(valueSum * 1000) / 1000 }
    },
  }
}
