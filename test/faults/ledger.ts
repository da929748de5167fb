import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from 'node:fs'

/** What a client has asked for, and what of it was promised to last. Each line is on the disk before anything follows from it. */
export interface Ledger {
  sent(lane: string, step: number): void
  acknowledged(lane: string, step: number): void
  close(): void
}

/** The last steps of a lane; `sent` is one more than `acknowledged` where no answer came. */
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
    acknowledged: (lane, step) => say(`acknowledged ${lane} ${step}`),
    close: () => closeSync(file),
  }
}

export function readLedger(path: string): ReadonlyMap<string, Entry> {
  const lanes = new Map<string, Entry>()
  for (const line of readFileSync(path, 'utf8').split('\n').slice(0, -1)) {
    const [word = '', lane = '', step] = line.split(' ')
    lanes.set(lane, { ...(lanes.get(lane) ?? { sent: 0, acknowledged: 0 }), [word]: Number(step) })
  }
  return lanes
}
