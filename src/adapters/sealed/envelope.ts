import type { Collection } from '../../model/collections.ts'
import { release } from '../../model/release.ts'
import { remembered } from '../../model/remembered.ts'
import { HOUSE } from '../../ports/keys.ts'
import { openBytes, SEAL_BYTES, sealBytes, sealInto } from './gcm.ts'
import type { OwnerKeys, SealingKey } from './key-ring.ts'
import { openedOnce } from './opened-secrets.ts'

export type Body = Readonly<Record<string, unknown>>

/** The field of a document that holds what is sealed of it. */
export const envelopeField = '_sealed'
const apartField = `${envelopeField}.apart`

/** What stands there: which data key opens it; and nonce, ciphertext and tag in base64, of the sealed fields at their places. */
interface Envelope {
  readonly key: number
  readonly box: string
  /** Those of them that are looked at by themselves, once more. */
  readonly apart?: string
}

/** A body whose fields to be sealed are taken out of it, as they were at that moment. */
export interface Parted {
  readonly open: Body
  /** JSON; absent where the body has none of them. */
  readonly secret?: string
  /** JSON of what is kept apart too. */
  readonly apart?: string
  /** In whose place a keyed hash is to stand: dotted path and text. */
  readonly blind: readonly (readonly [path: string, text: string])[]
}

export function part(body: Body, row: Pick<Collection, 'apart' | 'blind' | 'sealed'>): Parted {
  const { open, secret } = split(body, planOf(row))
  if (secret === undefined) return { open: body, blind: [] }
  const texts = (row.blind ?? []).map((path) => [path, valueAt(secret, path)] as const)
  const blind = texts.filter((each): each is readonly [string, string] => typeof each[1] === 'string')
  const apart = row.apart && JSON.stringify(Object.fromEntries(row.apart.map((name) => [name, (secret as Body)[name]])))
  return { open: open as Body, secret: JSON.stringify(secret), blind, ...(apart && { apart }) }
}

/** Where a document stands and whose it is: what is sealed for one opens in no other. */
export function sealedBody({ open, secret, apart, blind }: Parted, owner: string, path: string, { newest, blinded }: OwnerKeys): Body {
  if (secret === undefined) return open
  const box = boxOf(secret, newest, contextOf(owner, path, envelopeField, newest.version))
  const besides = apart === undefined ? {} : { apart: boxOf(apart, newest, contextOf(owner, path, apartField, newest.version)) }
  const envelope: Envelope = { key: newest.version, box, ...besides }
  const found = blind.reduce((body, [at, text]) => joined(body, nested(at.split('.'), blinded(text))), open as unknown)
  return { ...(found as Body), [envelopeField]: envelope }
}

// One box after the other is made and opened in the same memory; a longer one, which is rare, in its own.
const bench = Buffer.allocUnsafeSlow(64 * 1024)
/** A character of a text is at most so many bytes. */
const CHARACTER_BYTES = 3

function boxOf(secret: string, { documents }: SealingKey, context: Uint8Array): string {
  const isLong = secret.length * CHARACTER_BYTES + SEAL_BYTES > bench.length
  if (isLong) return Buffer.from(sealBytes(documents, Buffer.from(secret), context).buffer).toString('base64')
  const length = bench.write(secret)
  sealInto(bench.subarray(0, length + SEAL_BYTES), documents, bench.subarray(0, length), context)
  return bench.toString('base64', 0, length + SEAL_BYTES)
}

export function envelopeOf(body: Body): Envelope | undefined {
  return Object.hasOwn(body, envelopeField) ? (body[envelopeField] as Envelope) : undefined
}

/** Throws `Problem('storage_corrupt')` unless it was sealed for this owner at this place. */
export function openedBody(body: Body, envelope: Envelope, owner: string, path: string, keys: OwnerKeys): Body {
  return joined(withoutEnvelope(body), secretOf(envelope, owner, path, keys)) as Body
}

/** The same for what is asked for by itself, perhaps again and again: parts of it may be shared, and cannot be changed. */
export function openedBodyAgain(body: Body, envelope: Envelope, owner: string, path: string, keys: OwnerKeys): Body {
  const secret = openedOnce(keys.version(envelope.key), path, envelope.box, () => secretOf(envelope, owner, path, keys))
  return joined(withoutEnvelope(body), secret) as Body
}

/** Of what is sealed only what is kept apart; all of it where nothing is. */
export function openedBriefly(body: Body, envelope: Envelope, owner: string, path: string, keys: OwnerKeys): Body {
  const { key, apart } = envelope
  if (apart === undefined) return openedBody(body, envelope, owner, path, keys)
  return joined(withoutEnvelope(body), unboxed(apart, keys.version(key), contextOf(owner, path, apartField, key))) as Body
}

function secretOf({ key, box }: Envelope, owner: string, path: string, keys: OwnerKeys): Body {
  return unboxed(box, keys.version(key), contextOf(owner, path, envelopeField, key))
}

function unboxed(box: string, { documents }: SealingKey, context: Uint8Array): Body {
  const sealed = box.length > bench.length ? Buffer.from(box, 'base64') : bench.subarray(0, bench.write(box, 'base64'))
  const bytes = openBytes(documents, sealed, context)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
  release(sealed)
  release(bytes)
  return JSON.parse(text)
}

export function withoutEnvelope(body: Body): Body {
  const { [envelopeField]: _, ...open } = body
  return open
}

/** JSON of a body whose box is empty, where something is kept apart that may be opened instead of it. */
export function withoutBox(json: string): string {
  const at = json.indexOf(`"${envelopeField}"`)
  const from = json.indexOf('"', json.indexOf('"box"', at) + '"box"'.length) + 1
  const to = json.indexOf('"', from)
  const isKeptApart = at >= 0 && json.includes('"apart"', at)
  return isKeptApart ? json.slice(0, from) + json.slice(to) : json
}

const PEOPLE = 'users/'

/** Whose keys seal it: the person of its path, else the one that it names; else it is the house's own. */
export function ownerOf(path: string, body: Body | undefined): string {
  if (!path.startsWith(PEOPLE)) return typeof body?.userId === 'string' ? body.userId : HOUSE
  const end = path.indexOf('/', PEOPLE.length)
  return path.slice(PEOPLE.length, end < 0 ? path.length : end)
}

function contextOf(owner: string, path: string, field: string, version: number): Uint8Array {
  return Buffer.from(JSON.stringify(['clarity-document-1', owner, path, field, version]))
}

/** What is sealed of a value: all of it, or of its fields. */
type Plan = true | { readonly [name: string]: Plan }

const planOf = remembered(({ sealed = [] }: Pick<Collection, 'sealed'>): Plan => {
  const paths = [...sealed, envelopeField]
  return paths.reduce<unknown>((so, path) => joined(so, nested(path.split('.'), true)), {}) as Plan
})

function nested([name, ...names]: readonly string[], value: unknown): unknown {
  return name === undefined ? value : { [name]: nested(names, value) }
}

/** Undefined where there is nothing. Of a list the secrets are as many as it has elements, null for one without. */
function split(value: unknown, plan: Plan): { readonly open?: unknown; readonly secret?: unknown } {
  if (plan === true) return { secret: value }
  const each = plan['*']
  if (each !== undefined && Array.isArray(value)) {
    const parts = value.map((element) => split(element, each))
    if (parts.every(({ secret }) => secret === undefined)) return { open: value }
    return { open: parts.map(({ open }) => open), secret: parts.map(({ secret }) => secret ?? null) }
  }
  return isObject(value) ? splitFields(value, plan) : { open: value }
}

function splitFields(value: Body, plan: Exclude<Plan, true>): { readonly open: unknown; readonly secret?: unknown } {
  const open: Record<string, unknown> = {}
  let secret: Record<string, unknown> | undefined
  for (const name of Object.keys(value)) {
    const inner = Object.hasOwn(plan, name) ? plan[name] : undefined
    const parts = inner === undefined ? { open: value[name] } : split(value[name], inner)
    if (parts.open !== undefined) setField(open, name, parts.open)
    if (parts.secret === undefined) continue
    secret ??= {}
    secret[name] = parts.secret
  }
  return secret === undefined ? { open: value } : { open, secret }
}

/** An assignment would take the name for a command. */
function setField(to: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== '__proto__') to[name] = value
  else Object.defineProperty(to, name, { value, enumerable: true, writable: true, configurable: true })
}

/** Puts back what `split` took out. */
function joined(open: unknown, secret: unknown): unknown {
  if (Array.isArray(open) && Array.isArray(secret))
    return open.map((element, at) => (secret[at] === null || secret[at] === undefined ? element : joined(element, secret[at])))
  if (!isObject(open) || !isObject(secret)) return secret
  const whole: Record<string, unknown> = { ...open, ...secret }
  for (const name of Object.keys(secret)) if (Object.hasOwn(open, name)) whole[name] = joined(open[name], secret[name])
  return whole
}

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((so, name) => (isObject(so) ? so[name] : undefined), value)
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
