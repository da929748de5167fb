import { Problem } from '../../model/problem.ts'
import { INCOMPLETE } from './record.ts'

const PROLOG_LIMIT = 1 << 20
const latin1 = new TextDecoder('latin1')

/**
 * Position of `<HealthData`. Everything before it is passed over without being parsed, since Apple's DTD is malformed from iOS 16 on;
 * but a DTD that declares an entity or points outside is refused: expanding either is how XML is turned against its reader.
 */
export function prologEnd(bytes: Uint8Array, to: number): number {
  const text = latin1.decode(bytes.subarray(0, Math.min(to, PROLOG_LIMIT)))
  const root = /<HealthData[\s>/]/.exec(text)
  const prolog = root ? text.slice(0, root.index) : text
  if (prolog.includes('<!ENTITY') || /<!DOCTYPE\s+\S+\s+(?:SYSTEM|PUBLIC)\b/.test(prolog))
    throw new Problem(
      'xml_entity_forbidden',
      'The file declares an XML entity or refers to an outside DTD. Apple Health exports do neither.',
    )
  if (root) return root.index
  if (to >= PROLOG_LIMIT) throw new Problem('not_recognised', 'No HealthData element stands at the beginning of the file.')
  return INCOMPLETE
}
