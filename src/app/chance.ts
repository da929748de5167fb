import { hash, randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'

export const clock: Clock = { nowMs: () => Date.now() }

export const sha256 = (bytes: Uint8Array) => hash('sha256', bytes, 'hex')

/** 32 lower-case hex digits. */
export const newId = () => randomUUID().replaceAll('-', '')

/** 256 random bits in base64url. */
export const newSecret = () => randomBytes(32).toString('base64url')

export const chance = {
  newId,
  newSecret,
  newWebhookKey: () => randomBytes(32).toString('base64'),
  randomBelow: (n: number) => randomInt(n),
}
