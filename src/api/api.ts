import type { Api } from './endpoint.ts'

/** Every endpoint. One file a resource; the server, the client, OpenAPI and the access tests are made of this table. */
export const api = {} as const satisfies Api
