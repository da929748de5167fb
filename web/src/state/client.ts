import { endpoints } from 'virtual:endpoints'
import type { api } from '../../../src/api/api.ts'
import { type Client, makeClient } from '../../../src/client/client.ts'

export type HouseClient = Client<typeof api>

/** The API as whoever is signed in at this browser. */
export const client: HouseClient = makeClient<typeof api>(endpoints, { url: location.origin })

/** The API for one exchange with the secret of a link. */
export function clientWith(token: string): HouseClient {
  return makeClient<typeof api>(endpoints, { url: location.origin, token })
}
