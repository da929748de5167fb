import { Delivery, NewWebhook, Webhook, type webhooksApi } from '../../api/webhooks.ts'
import { requireUser } from '../../flows/manage-user.ts'
import { addWebhook, changeWebhook, removeWebhook, replayDelivery, requireWebhook, type WebhookDeps } from '../../flows/webhooks.ts'
import { inOrder } from '../../model/in-order.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import type { Principal } from '../../model/principal.ts'
import type { StoredDelivery, StoredWebhook } from '../../model/webhook.ts'
import type { Handlers } from '../call.ts'
import { listPage } from '../list-page.ts'

export const webhooksHandlers: Handlers<typeof webhooksApi, WebhookDeps> = {
  async listWebhooks({ documents }, call) {
    const self = personOf(call.principal)
    const query = { collection: 'webhooks', index: 'audience', ...(self !== undefined && { equals: [self] }) }
    const { data, ...next } = await listPage<StoredWebhook>(documents, query, call)
    return { body: { data: data.map(({ body }) => inOrder(Webhook, body)), ...next } }
  },
  async addWebhook(deps, { principal, body, callId }) {
    const self = personOf(principal)
    if (self !== undefined && (body.userId ?? self) !== self) throw nothingThere()
    const userId = self ?? body.userId
    if (userId !== undefined) await requireUser(deps, userId)
    const { version, webhook } = await addWebhook(deps, callId, userId, body)
    return { body: inOrder(NewWebhook, webhook), version, location: `/v1/webhooks/${webhook.webhookId}` }
  },
  async getWebhook(deps, { principal, params }) {
    const { version, webhook } = await requireWebhook(deps, params.webhookId, personOf(principal))
    return { body: inOrder(Webhook, webhook), version }
  },
  async changeWebhook(deps, { principal, params, body, ifMatch }) {
    const { version, webhook } = await changeWebhook(deps, params.webhookId, personOf(principal), body, ifMatch)
    return { body: inOrder(Webhook, webhook), version }
  },
  async removeWebhook(deps, { principal, params }) {
    await removeWebhook(deps, params.webhookId, personOf(principal))
    return {}
  },
  async listDeliveries(deps, call) {
    const { webhookId } = call.params
    await requireWebhook(deps, webhookId, personOf(call.principal))
    const query = { collection: 'webhookDeliveries', parent: `webhooks/${webhookId}`, index: 'made', equals: [webhookId] }
    const { data, ...next } = await listPage<StoredDelivery>(deps.documents, query, call)
    return { body: { data: data.map(({ body }) => inOrder(Delivery, body)), ...next } }
  },
  async replayDelivery(deps, { principal, params }) {
    const delivery = await replayDelivery(deps, params.webhookId, params.deliveryId, personOf(principal))
    return { body: inOrder(Delivery, delivery) }
  },
}

/** Whose webhooks these are; undefined for a service, which has those of all. */
function personOf(principal: Principal): string | undefined {
  return 'userId' in principal ? principal.userId : undefined
}
