import type { api } from '../api/api.ts'
import type { ConsentDeps } from '../flows/consents.ts'
import type { GrantDeps } from '../flows/grants.ts'
import type { KeyDeps } from '../flows/keys.ts'
import type { Handlers } from './call.ts'
import { consentsHandlers } from './handlers/consents.ts'
import { permissionsHandlers } from './handlers/permissions.ts'
import { signInHandlers } from './handlers/sign-in.ts'
import { type UsersDeps, usersHandlers } from './handlers/users.ts'

/** What the handlers need from outside, all of them together; each asks for its part. */
export type HandlerDeps = ConsentDeps & GrantDeps & KeyDeps & UsersDeps

/** The table's promises kept: one handler an endpoint, by the same name. */
export const handlers: Handlers<typeof api, HandlerDeps> = {
  ...consentsHandlers,
  ...permissionsHandlers,
  ...signInHandlers,
  ...usersHandlers,
}
