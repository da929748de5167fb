import type { AuditDeps } from '../../flows/audit-note.ts'
import { HOUSE } from '../../ports/keys.ts'

/** A credential as the log may hold it. */
export type CredentialNames = (credential: string | undefined) => string | undefined

/** A key has an id of its own; of an issuer's person, whose token says who they are, a keyed hash: in every process of a house the same. */
export async function openCredentialNames({ auditKeyOf, hmacOf }: Pick<AuditDeps, 'auditKeyOf' | 'hmacOf'>): Promise<CredentialNames> {
  const key = await auditKeyOf(HOUSE)
  if (key === undefined) throw new Error('The keys of the house are made for whoever asks')
  return (credential) => (credential?.includes('#') ? `token_${hmacOf(key, credential).slice(0, SHOWN)}` : credential)
}

/** Characters of 6 bits: enough to tell people apart. */
const SHOWN = 22
