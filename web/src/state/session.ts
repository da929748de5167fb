import type { Scope } from '../../../src/model/principal.ts'
import { client } from './client.ts'
import { useLoaded } from './store.ts'

/** What whoever is signed in may do. Until it is known nothing is offered. */
export type May = (scope: Scope) => boolean

const load = async () => (await client.getBrowserSession({})).body

export function useMay(): May {
  const session = useLoaded('session', load)
  return (scope) => session.state === 'ready' && session.value.scopes.includes(scope)
}
