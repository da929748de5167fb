import type { SynthesisOptions } from '../synthetic/synthesise.ts'

/** The bytes of a synthetic person's export.xml, made while they are read. */
export async function* syntheticExport(options: SynthesisOptions): AsyncGenerator<Uint8Array> {
  // What other calls do not need is loaded here.
  const { synthesise } = await import('../synthetic/synthesise.ts')
  const encoder = new TextEncoder()
  for (const chunk of synthesise(options).chunks) yield encoder.encode(chunk)
}
