import { isDeepStrictEqual } from 'node:util'
import { readSession, readWhole } from '../../src/http/read-session.ts'
import { Problem } from '../../src/model/problem.ts'

/** What both readers of a session say of a body: `difference` where they do not agree. Throws what is no `Problem`. */
export function compareReaders(bytes: Uint8Array): { readonly isGood: boolean; readonly difference?: string } {
  const fast = resultOf(() => readSession(bytes))
  const slow = resultOf(() => readWhole(bytes))
  if (isDeepStrictEqual(fast, slow)) return { isGood: 'value' in fast }
  return { isGood: false, difference: `${Buffer.from(bytes)}\n${JSON.stringify(fast)}\n${JSON.stringify(slow)}` }
}

function resultOf(read: () => unknown) {
  try {
    return { value: read() }
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return { code: error.code, errors: error.errors }
  }
}
