import type { Preferences } from '../model/user.ts'
import type { StoredDelivery } from '../model/webhook.ts'

/** Of a key in base64 and a text; base64. */
export type HmacSha256 = (key: string, text: string) => string

export interface WebhookMessage {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Sealing {
  readonly secret: string
  readonly nowMs: number
  readonly hmac: HmacSha256
}

/**
 * As it is sent: ids of what is other than it was, and of what the person wishes to be notified, for who would. Whoever may know more asks
 * for it.
 */
export function messageOf(
  { deliveryId, userId, at, changes }: Pick<StoredDelivery, 'deliveryId' | 'userId' | 'at' | 'changes'>,
  notificationSettings: Preferences['notificationSettings'],
  { secret, nowMs, hmac }: Sealing,
): WebhookMessage {
  const thin = changes.map(({ type, action, id, version }) => ({ type, action, id, ...(version !== undefined && { version }) }))
  const body = JSON.stringify({ type: 'changes', timestamp: at, data: { userId, notificationSettings, changes: thin } })
  return { headers: { 'content-type': 'application/json', ...signatureHeaders(deliveryId, body, secret, nowMs, hmac) }, body }
}

/** Standard Webhooks 1.0, https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export function signatureHeaders(id: string, body: string, secret: string, nowMs: number, hmac: HmacSha256): Record<string, string> {
  const timestamp = String(Math.floor(nowMs / 1000))
  const signature = hmac(secret.slice(PREFIX.length), `${id}.${timestamp}.${body}`)
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

const PREFIX = 'whsec_'

/** Of a key in base64. */
export function secretOf(key: string): string {
  return `${PREFIX}${key}`
}
