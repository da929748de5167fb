import { Problem } from '../../model/problem.ts'
import type { Documents } from '../../ports/documents.ts'

/** Documents that are a moment's: they are read by whoever holds them, and written by nobody. */
export function readOnly({ get, list, close }: Pick<Documents, 'get' | 'list' | 'close'>): Documents & AsyncDisposable {
  const refuse = () => Promise.reject(new Problem('invalid', 'A snapshot is not written to'))
  return {
    get,
    list,
    batch: refuse,
    claim: refuse,
    actingFor(this: Documents) {
      return this
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}
