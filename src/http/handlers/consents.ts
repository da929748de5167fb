import type { consentsApi } from '../../api/consents.ts'
import { type ConsentDeps, giveConsent } from '../../flows/consents.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { ConsentReceipt } from '../../model/access.ts'
import { inOrder } from '../../model/in-order.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

export const consentsHandlers: Handlers<typeof consentsApi, ConsentDeps> = {
  async listConsents({ documents }, call) {
    const { userId } = call.params
    await requireUser({ documents }, userId)
    const query = { collection: 'consents', parent: `users/${userId}`, index: 'given', equals: [userId] }
    const { data, ...next } = await listPage<ConsentReceipt>(documents, query, call)
    return { body: { data: data.map(({ body }) => inOrder(ConsentReceipt, body)), ...next } }
  },
  async giveConsent(deps, { params, body, callId }) {
    return { body: inOrder(ConsentReceipt, await giveConsent(deps, params.userId, callId, body)) }
  },
}
