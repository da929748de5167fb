import type { Day, Provenance, Reason } from '../model/day.ts'
import type { Source } from '../model/source.ts'

/** What one part of the analysis has to say about the day. */
export interface Findings {
  fields: Partial<Day>
  provenance: Record<string, Provenance>
  reasons: Reason[]
  flags: string[]
}

export function noFindings(): Findings {
  return { fields: {}, provenance: {}, reasons: [], flags: [] }
}

/** A reason with numbers: samples or days for `no_data`, minutes for what was worn, held or covered, else what the code names. */
export function absent(field: string, code: string, have: number, need: number): Reason {
  return { field, code, have, need }
}

/** Provenance of a figure that one source gave alone. */
export function soleSource(
  method: string,
  source: Source,
  samples: number,
  alternatives: NonNullable<Provenance['alternatives']> = [],
): Provenance {
  const sources = [{ id: source.id, name: source.name, kind: source.kind, share: 1, samples }]
  return alternatives.length > 0 ? { method, sources, alternatives } : { method, sources }
}
