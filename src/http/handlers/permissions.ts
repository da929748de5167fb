import type { permissionsApi } from '../../api/permissions.ts'
import { type GrantDeps, makeGrant, revokeGrant } from '../../flows/grants.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { Grant } from '../../model/access.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

export const permissionsHandlers: Handlers<typeof permissionsApi, GrantDeps> = {
  async listPermissions({ documents }, call) {
    await requireUser({ documents }, call.params.userId)
    const query = { collection: 'permissions', parent: `users/${call.params.userId}`, index: 'grantee' }
    const { data, ...next } = await listPage<Grant>(documents, query, call)
    return { body: { data: data.map(({ body }) => inOrder(Grant, body)), ...next } }
  },
  async grantPermission(deps, { params, body, callId }) {
    const grant = await makeGrant(deps, params.userId, callId, body)
    return { body: inOrder(Grant, grant) }
  },
  async revokePermission(deps, { params }) {
    await revokeGrant(deps, params.userId, params.grantId)
    return {}
  },
}
