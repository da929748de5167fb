import { createHmac, hash } from 'node:crypto'
import { type AuditKeyDeps, openAuditKeys } from '../flows/audit-keys.ts'
import type { AuditDeps } from '../flows/audit-note.ts'
import { newEventIds } from '../flows/events.ts'
import type { Digest } from '../flows/merkle-tree.ts'
import type { Clock } from '../ports/clock.ts'
import { packageVersion } from './about.ts'

export const digest: Digest = (bytes) => hash('sha256', bytes, 'buffer')

export const hmacOf: AuditDeps['hmacOf'] = (key, text) => createHmac('sha256', key).update(text).digest('base64url')

/** What a house needs to keep account of what is done in it. */
export function auditParts(deps: AuditKeyDeps & { readonly clock: Clock; readonly newId: () => string }) {
  return {
    digest,
    hmacOf,
    auditKeyOf: openAuditKeys(deps),
    nextNoteId: newEventIds(deps),
    policyVersion: packageVersion,
  } satisfies Omit<AuditDeps, 'documents' | 'clock'> & { readonly digest: Digest }
}
