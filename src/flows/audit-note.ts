import type { AuditAction, AuditCounts, AuditNote, AuditOutcome } from '../model/audit.ts'
import { canonicalJson } from '../model/in-order.ts'
import { formatInstant } from '../model/time.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import { HOUSE } from '../ports/keys.ts'
import type { AuditKeyOf } from './audit-keys.ts'

export interface AuditDeps {
  readonly documents: Documents
  readonly clock: Clock
  /** Goes up in the order of writing: `newEventIds`. */
  readonly nextNoteId: () => string
  readonly auditKeyOf: AuditKeyOf
  /** HMAC-SHA-256, base64url. */
  readonly hmacOf: (key: Uint8Array, text: string) => string
  /** Of the program, whose table says who may. */
  readonly policyVersion: string
}

/** Who does something. */
export type Doer =
  | { readonly type: 'person' | 'device'; readonly userId: string; readonly credential: string }
  | { readonly type: 'service' | 'researcher' | 'operator' | 'auditor'; readonly credential: string }
  /** The house by itself, or whoever is at the machine. */
  | { readonly type: 'system' | 'command'; readonly name: string }
  | { readonly type: 'anonymous' }

/** What somebody is about to do, as far as it is known before. */
export interface Doing {
  readonly doer: Doer
  readonly action: AuditAction
  readonly resource: { readonly type: string; readonly id?: string | undefined }
  /** Whose data, where that is known. */
  readonly userId?: string | undefined
  readonly dataClasses?: readonly string[] | undefined
  readonly requestId?: string | undefined
  /** Cut. */
  readonly ip?: string | undefined
  /** What the client says that it is. */
  readonly client?: string | undefined
}

/** What became of it. */
export interface Done {
  readonly outcome: AuditOutcome
  readonly code?: string | undefined
  readonly count?: number | undefined
  /** Of what has many effects, at its end: an entry of its own where the first of them has one already. */
  readonly counts?: AuditCounts | undefined
  /** Where it was not known before. */
  readonly dataClasses?: readonly string[] | undefined
  /** Whose data, where it was not known before. */
  readonly userId?: string | undefined
  /** Bodies that were replaced and made. */
  readonly before?: unknown
  readonly after?: unknown
}

/** What is written down: pseudonyms in place of people, and no value. */
export async function noteOf(deps: AuditDeps, doing: Doing, done: Done): Promise<AuditNote> {
  const { doer, action, requestId, ip, client } = doing
  const userId = doing.userId ?? done.userId
  const subjectKey = userId === undefined ? undefined : await deps.auditKeyOf(userId)
  const doerKey = 'userId' in doer ? (doer.userId === userId ? subjectKey : await deps.auditKeyOf(doer.userId)) : undefined
  const subject = userId !== undefined && subjectKey ? pseudonymOf(deps, subjectKey, userId) : undefined
  return without({
    at: formatInstant(deps.clock.nowMs()),
    actor: actorOf(deps, doer, doerKey),
    onBehalfOf: doer.type === 'service' || doer.type === 'system' ? subject : undefined,
    action,
    purpose: purposeOf(doer, userId),
    subject,
    resource: resourceOf(deps, doing, subjectKey),
    dataClasses: doing.dataClasses ?? done.dataClasses,
    count: done.count,
    counts: done.counts,
    outcome: done.outcome,
    code: done.code,
    policyVersion: deps.policyVersion,
    requestId,
    ip,
    clientHash: await hidden(deps, doerKey, client, pseudonymOf),
    before: await hidden(deps, subjectKey, textOf(done.before)),
    after: await hidden(deps, subjectKey, textOf(done.after)),
  })
}

/** Of a key, and of how many characters each. */
const MOST_PSEUDONYMS = 64
const LONGEST = 256
const pseudonyms = new WeakMap<Uint8Array, Map<string, string>>()

/** The same id under the same key is said with nearly every entry about a person. What is remembered goes with the key. */
function pseudonymOf({ hmacOf }: AuditDeps, key: Uint8Array, id: string): string {
  const ofKey = pseudonyms.get(key) ?? new Map<string, string>()
  const known = ofKey.get(id)
  if (known !== undefined) return known
  const pseudonym = hmacOf(key, id)
  if (ofKey.size >= MOST_PSEUDONYMS) ofKey.clear()
  if (id.length <= LONGEST) pseudonyms.set(key, ofKey.set(id, pseudonym))
  return pseudonym
}

function actorOf(deps: AuditDeps, doer: Doer, key: Uint8Array | undefined): AuditNote['actor'] {
  switch (doer.type) {
    case 'person':
    case 'device':
      return { type: doer.type, ...(key && { id: pseudonymOf(deps, key, doer.userId), keyId: pseudonymOf(deps, key, doer.credential) }) }
    case 'system':
    case 'command':
      return { type: doer.type, id: doer.name }
    case 'anonymous':
      return { type: doer.type }
    case 'service':
    case 'researcher':
    case 'operator':
    case 'auditor':
      return { type: doer.type, keyId: doer.credential }
  }
}

function purposeOf(doer: Doer, userId: string | undefined): AuditNote['purpose'] {
  switch (doer.type) {
    case 'person':
    case 'device':
      return userId === undefined || doer.userId === userId ? 'self' : 'permission'
    case 'service':
      return 'service'
    case 'researcher':
      return 'research'
    case 'operator':
    case 'auditor':
    case 'system':
    case 'command':
      return 'operation'
    case 'anonymous':
      return undefined
  }
}

/** Which one of a person's is told under their key; of what is nobody's it says no more than of what kind it was. */
function resourceOf({ hmacOf }: AuditDeps, { resource: { type, id } }: Doing, key: Uint8Array | undefined): AuditNote['resource'] {
  return { type, ...(id !== undefined && key && { idHmac: hmacOf(key, id) }) }
}

/** Of what is nobody's under the house's own key. */
async function hidden(
  deps: AuditDeps,
  key: Uint8Array | undefined,
  text: string | undefined,
  how: (deps: AuditDeps, key: Uint8Array, text: string) => string = ({ hmacOf }, key, text) => hmacOf(key, text),
): Promise<string | undefined> {
  if (text === undefined) return undefined
  const known = key ?? (await deps.auditKeyOf(HOUSE))
  return known && how(deps, known, text)
}

const textOf = (body: unknown) => (body === undefined ? undefined : canonicalJson(body))

type Loose<T> = { [Name in keyof T]: T[Name] | undefined }

/** The fields that are there. */
function without(note: Loose<Required<Omit<AuditNote, 'dataClasses'>>> & { dataClasses: readonly string[] | undefined }): AuditNote {
  return Object.fromEntries(Object.entries(note).filter(([, value]) => value !== undefined)) as unknown as AuditNote
}
