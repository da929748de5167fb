import { consentsApi } from './consents.ts'
import type { Api } from './endpoint.ts'
import { permissionsApi } from './permissions.ts'
import { signInApi } from './sign-in.ts'
import { usersApi } from './users.ts'

/** Every endpoint. One file a resource; the server, the client, OpenAPI and the access tests are made of this table. */
export const api = { ...consentsApi, ...permissionsApi, ...signInApi, ...usersApi } as const satisfies Api
