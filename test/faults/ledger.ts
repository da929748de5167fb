import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What a client has asked for, and what of it was promised to last. Each line is on the disk before anything follows from it. */
export interface Ledger {
  sent(lane: string, step: number): void
  /** `at` is when it was said. */
  acknowledged(lane: string, step: number, at: bigint): void
  /** The power was cut then, if it was; what came in meanwhile is written down already. */
  cut(at: bigint | undefined): void
  close(): void
}

/** The last steps of a lane; those after `acknowledged`, up to `sent`, got no answer. */
export interface Entry {
  readonly sent: number
  readonly acknowledged: number
}

export function openLedger(path: string): Ledger {
  const file = openSync(path, 'a')
  const say = (line: string) => {
    writeSync(file, `${line}\n`)
    fdatasyncSync(file)
  }
  return {
    sent: (lane, step) => say(`sent ${lane} ${step}`),
    acknowledged: (lane, step, at) => say(`acknowledged ${lane} ${step} ${at}`),
    cut: (at) => at !== undefined && say(`cut ${at}`),
    close: () => closeSync(file),
  }
}

/** What was said after a cut, by a process that had not noticed, is no answer. */
export function readLedger(path: string): ReadonlyMap<string, Entry> {
  const lanes = new Map<string, Entry>()
  let nextCut: bigint | undefined
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1).reverse()) {
    const [word, name = '', step = '', at = ''] = line.split(' ')
    if (word === 'cut') nextCut = BigInt(name)
    else lanes.set(name, joined(lanes.get(name), Number(step), word === 'acknowledged' && (nextCut === undefined || BigInt(at) < nextCut)))
  }
  return lanes
}

function joined({ sent, acknowledged }: Entry = { sent: 0, acknowledged: 0 }, step: number, isAcknowledged: boolean): Entry {
  return { sent: Math.max(sent, step), acknowledged: isAcknowledged ? Math.max(acknowledged, step) : acknowledged }
}
