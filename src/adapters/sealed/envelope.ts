import { type Collection, placeOf } from '../../model/collections.ts'
import { HOUSE } from '../../ports/keys.ts'
import { openBytes, sealBytes } from './gcm.ts'
import type { OwnerKeys } from './key-ring.ts'

export type Body = Readonly<Record<string, unknown>>

/** The field of a document that holds what is sealed of it. */
export const envelopeField = '_sealed'

/** What stands there: which data key opens it; and nonce, ciphertext and tag in base64, of the sealed fields by their dotted paths. */
interface Envelope {
  readonly key: number
  readonly box: string
}

/** A body whose fields to be sealed are taken out of it, as they were at that moment. */
export interface Parted {
  readonly open: Body
  /** JSON; absent where the body has none of them. */
  readonly secret?: string
  /** In whose place a keyed hash is to stand: dotted path and text. */
  readonly blind: readonly (readonly [path: string, text: string])[]
}

export function part(body: Body, { sealed = [], blind = [] }: Pick<Collection, 'sealed' | 'blind'>): Parted {
  let open: unknown = body
  const secret: Record<string, unknown> = {}
  for (const path of Object.hasOwn(body, envelopeField) ? [...sealed, envelopeField] : sealed) {
    const { value, rest } = takeOut(open, path.split('.'))
    if (value === undefined) continue
    secret[path] = value
    open = rest
  }
  if (open === body) return { open: body, blind: [] }
  const texts = blind.flatMap((path) => (typeof secret[path] === 'string' ? [[path, secret[path]] as const] : []))
  return { open: open as Body, secret: JSON.stringify(secret), blind: texts }
}

/** Where a document stands and whose it is: what is sealed for one opens in no other. */
export function sealedBody({ open, secret, blind }: Parted, owner: string, path: string, { newest, blinded }: OwnerKeys): Body {
  if (secret === undefined) return open
  const box = sealBytes(newest.documents, Buffer.from(secret), contextOf(owner, path, newest.version))
  const envelope: Envelope = { key: newest.version, box: Buffer.from(box.buffer).toString('base64') }
  const found = blind.reduce((body, [at, text]) => putIn(body, at.split('.'), blinded(text)) as Body, open)
  return { ...found, [envelopeField]: envelope }
}

export function envelopeOf(body: Body): Envelope | undefined {
  return Object.hasOwn(body, envelopeField) ? (body[envelopeField] as Envelope) : undefined
}

/** Throws `Problem('storage_corrupt')` unless it was sealed for this owner at this place. */
export function openedBody(body: Body, { key, box }: Envelope, owner: string, path: string, keys: OwnerKeys): Body {
  const { documents, version } = keys.version(key)
  const bytes = openBytes(documents, Buffer.from(box, 'base64'), contextOf(owner, path, version))
  const secret: Record<string, unknown> = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
  let opened: unknown = withoutEnvelope(body)
  for (const [path, value] of Object.entries(secret)) opened = putIn(opened, path.split('.'), value)
  return opened as Body
}

export function withoutEnvelope(body: Body): Body {
  const { [envelopeField]: _, ...open } = body
  return open
}

/** Whose keys seal it: the person of its path, else the one that it names; else it is the house's own. */
export function ownerOf(path: string, body: Body | undefined): string {
  const owner = placeOf(path).ids.userId ?? body?.userId
  return typeof owner === 'string' ? owner : HOUSE
}

function contextOf(owner: string, path: string, version: number): Uint8Array {
  return Buffer.from(JSON.stringify(['clarity-document-1', owner, path, envelopeField, version]))
}

/** What a path leads to, and the body without it. `*` is every element of a list: then that of each, null where it has none. */
function takeOut(body: unknown, names: readonly string[]): { readonly value: unknown; readonly rest: unknown } {
  const [name = '', ...further] = names
  if (name === '*' && Array.isArray(body)) {
    const parts = body.map((element) => takeOut(element, further))
    const isAny = parts.some(({ value }) => value !== undefined)
    return isAny
      ? { value: parts.map(({ value }) => value ?? null), rest: parts.map(({ rest }) => rest) }
      : { value: undefined, rest: body }
  }
  if (!isObject(body) || !Object.hasOwn(body, name)) return { value: undefined, rest: body }
  const { [name]: found, ...others } = body
  if (further.length === 0) return { value: found, rest: others }
  const { value, rest } = takeOut(found, further)
  return { value, rest: value === undefined ? body : { ...body, [name]: rest } }
}

function putIn(body: unknown, names: readonly string[], value: unknown): unknown {
  const [name, ...further] = names
  if (name === undefined) return value
  if (name !== '*') return { ...(isObject(body) ? body : {}), [name]: putIn(isObject(body) ? body[name] : undefined, further, value) }
  const values = Array.isArray(value) ? value : []
  return (Array.isArray(body) ? body : []).map((element, at) =>
    (values[at] ?? null) === null ? element : putIn(element, further, values[at]),
  )
}

function isObject(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
