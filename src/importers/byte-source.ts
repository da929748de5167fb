/** Bytes that can be read from anywhere: a stored blob or a file. */
export interface ByteSource {
  readonly length: number
  /** Bytes [from, to). `into` may be used for them: then they are good until the caller uses it again. */
  read(from: number, to: number, into?: Uint8Array): Promise<Uint8Array>
}

const STEP = 1 << 20

/** The bytes [from, to) in steps of 1 MiB. */
export async function* stream(source: ByteSource, from = 0, to = source.length): AsyncGenerator<Uint8Array> {
  for (let at = from; at < to; at += STEP) yield await source.read(at, Math.min(to, at + STEP))
}

/** The same through one piece of memory, for those who use up a step before they ask for the next: what is given up costs V8 a collection. */
export async function* passing(source: ByteSource, from = 0, to = source.length): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(Math.min(STEP, to - from))
  for (let at = from; at < to; at += STEP) yield await source.read(at, Math.min(to, at + STEP), memory)
}
