import { z } from 'zod'
import { Id } from '../model/text.ts'
import { StoredDelivery, StoredWebhook, WebhookTypes, WebhookUrl } from '../model/webhook.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

/** A webhook as it is shown: its secret only to whoever makes it. */
export const Webhook = StoredWebhook.omit({ secret: true, audience: true })
export const NewWebhook = Webhook.extend({ secret: z.string() })
export const Delivery = StoredDelivery.omit({ tries: true })

const WantedWebhook = z.strictObject({ url: WebhookUrl, types: WebhookTypes.optional() })

const maxBytes = 16 * 1024

export const webhooksApi = {
  listWebhooks: {
    method: 'get',
    path: '/v1/webhooks',
    summary: 'Who is told of changes',
    scope: 'webhooks:write',
    audit: 'read',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(Webhook) },
    problems: ['bad_cursor'],
  },
  addWebhook: {
    method: 'post',
    path: '/v1/webhooks',
    summary:
      'Have an https address told of changes, by ids, signed as the Standard Webhooks say. A service that names no `userId` is told of everybody who shares; the secret is shown here only.',
    scope: 'webhooks:write',
    audit: 'write',
    body: { type: 'json', schema: WantedWebhook.extend({ userId: Id.optional() }), maxBytes },
    tellsSecret: true,
    reply: { type: 'json', status: 201, schema: NewWebhook },
    problems: ['invalid', 'address_refused', 'too_many_items', 'not_found'],
    examples: { body: { url: 'https://hooks.example.com/clarity', types: ['day', 'insight'] } },
  },
  getWebhook: {
    method: 'get',
    path: '/v1/webhooks/{webhookId}',
    summary: 'Read a webhook',
    scope: 'webhooks:write',
    audit: 'read',
    reply: { type: 'json', status: 200, schema: Webhook },
    problems: [],
    versioned: 'read',
  },
  changeWebhook: {
    method: 'put',
    path: '/v1/webhooks/{webhookId}',
    summary: 'Change where a webhook goes and of what it tells; `active` begins again where it was disabled',
    scope: 'webhooks:write',
    audit: 'write',
    body: { type: 'json', schema: WantedWebhook.extend({ status: StoredWebhook.shape.status.default('active') }), maxBytes },
    reply: { type: 'json', status: 200, schema: Webhook },
    problems: ['invalid', 'address_refused', 'precondition_failed'],
    versioned: 'may',
    examples: { body: { url: 'https://hooks.example.com/clarity', status: 'active' } },
  },
  removeWebhook: {
    method: 'delete',
    path: '/v1/webhooks/{webhookId}',
    summary: 'Remove a webhook and its deliveries',
    scope: 'webhooks:write',
    audit: 'delete',
    reply: { type: 'none', status: 204 },
    problems: [],
  },
  listDeliveries: {
    method: 'get',
    path: '/v1/webhooks/{webhookId}/deliveries',
    summary: 'What was sent or will be, and what the receiver answered, latest first',
    scope: 'webhooks:write',
    audit: 'read',
    query: z.object(pageQuery),
    reply: { type: 'json', status: 200, schema: pageOf(Delivery) },
    problems: ['bad_cursor'],
  },
  replayDelivery: {
    method: 'post',
    path: '/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay',
    summary: 'Send a message again, under the same id',
    scope: 'webhooks:write',
    audit: 'write',
    reply: { type: 'json', status: 202, schema: Delivery },
    problems: [],
  },
} as const satisfies Api
