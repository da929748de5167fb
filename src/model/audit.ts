import { z } from 'zod'
import { Id, Instant, text } from './text.ts'

/** What was done: made, read, changed, taken away, carried out, or one of the few that the specification names apart. */
export const auditActions = ['C', 'R', 'U', 'D', 'E', 'login', 'export', 'grant', 'consent', 'admin'] as const
export const AuditAction = z.enum(auditActions)
export type AuditAction = z.infer<typeof AuditAction>

export const auditOutcomes = ['allow', 'deny', 'error'] as const
export const AuditOutcome = z.enum(auditOutcomes)
export type AuditOutcome = z.infer<typeof AuditOutcome>

/** HMAC-SHA-256 under a person's audit key, base64url: it tells nothing once the key is gone. */
export const Pseudonym = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

/** Hex SHA-256. */
const Hash = z.string().regex(/^[0-9a-f]{64}$/)

/** What came of one act that has many effects: of lines that were handed in, how many were kept; of old documents, how many went where. */
const AuditCounts = z
  .object({ received: z.int().min(0), kept: z.int().min(0), archived: z.int().min(0), destroyed: z.int().min(0) })
  .partial()
export type AuditCounts = z.infer<typeof AuditCounts>

/** What happened, as it is written with what it speaks of: never a value. ISO 27789 and FHIR AuditEvent name the fields. */
export const AuditNote = z.object({
  at: Instant,
  actor: z.object({
    /** A kind of principal; `anonymous` without a credential, `system` for the house itself, `command` for whoever is at the machine. */
    type: text(1, 20),
    /** A person's pseudonym, or what the system calls itself. */
    id: text(1, 100).optional(),
    /** The credential: an API key's id; of a person, under their key. */
    keyId: text(1, 200).optional(),
  }),
  /** For whom a service, or the house itself, did it. */
  onBehalfOf: Pseudonym.optional(),
  action: AuditAction,
  purpose: z.enum(['self', 'permission', 'service', 'operation', 'research']).optional(),
  /** Whose data. */
  subject: Pseudonym.optional(),
  resource: z.object({ type: text(1, 100), idHmac: Pseudonym.optional() }),
  /** What was granted or asked of the data: retention classes. */
  dataClasses: z.array(text(1, 50)).optional(),
  /** How many were told at once. */
  count: z.int().min(0).optional(),
  counts: AuditCounts.optional(),
  outcome: AuditOutcome,
  /** Of the problem. */
  code: text(1, 50).optional(),
  /** Of the program, whose table says who may. */
  policyVersion: text(1, 50),
  requestId: text(1, 100).optional(),
  /** Cut to /24 or /48. */
  ip: text(1, 60).optional(),
  clientHash: text(43, 43).optional(),
  /** Of what the change replaced and made, under the person's key: whoever has both can show that it was this. */
  before: Pseudonym.optional(),
  after: Pseudonym.optional(),
})
export type AuditNote = z.infer<typeof AuditNote>

/** `auditLogs/{seq}`: sealed. `hash` is SHA-256(0x00 ‖ prevHash ‖ JCS of all but these two), which is also its RFC 6962 leaf. */
export const AuditEntry = AuditNote.extend({ seq: z.int().min(1), prevHash: Hash, hash: Hash })
export type AuditEntry = z.infer<typeof AuditEntry>

/** An entry as the person reads it whom it is about. */
export const Access = z.object({
  seq: AuditEntry.shape.seq,
  at: Instant,
  /** A person is named where they have, or had, a permission; a key by its id. */
  who: z.object({ type: z.string(), userId: Id.optional(), keyId: z.string().optional() }),
  action: AuditAction,
  purpose: AuditEntry.shape.purpose,
  what: z.string(),
  count: AuditEntry.shape.count,
  counts: AuditEntry.shape.counts,
  outcome: AuditOutcome,
  code: AuditEntry.shape.code,
  requestId: AuditEntry.shape.requestId,
})
export type Access = z.infer<typeof Access>

/** `auditChain/head`: how far the log is sealed, signed and archived. */
export const AuditChain = z.object({
  size: z.int().min(0),
  /** Of the last entry. */
  hash: Hash,
  /** Roots of the whole subtrees of the Merkle tree, from the largest on. */
  tree: z.array(Hash),
  /** Entries that the last checkpoint covers, and when it was signed. */
  signed: z.object({ size: z.int().min(0), at: Instant }).optional(),
  /** Id of the last entry that lies in the archive and nowhere else. */
  archivedTo: Id.optional(),
  /** Who seals, and until when others leave it to them. */
  lease: z.object({ by: text(1, 200), until: Instant }).optional(),
})
export type AuditChain = z.infer<typeof AuditChain>

export const chainPath = 'auditChain/head'

/** Sixteen digits: ids sort as numbers do. */
export function auditId(seq: number): string {
  return String(seq).padStart(16, '0')
}

/** The collections of the log: whatever is done adds to them, so that no two stores, and no two moments of one, have the same. */
export const accountCollections: readonly string[] = ['auditOutbox', 'auditLogs', 'auditChain']
