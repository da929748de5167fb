import { z } from 'zod'
import { RetentionPolicies } from './retention.ts'

/** `system/configuration`: what the operator decides for everybody, at once. */
export const SystemConfiguration = z.object({
  /** Of data without `Prefer: handling`: improbable data are flagged or set aside, or the whole of it is refused. */
  validation: z.enum(['lenient', 'strict']).default('lenient'),
  /** Whether a privacy flag counts without a receipt, as the specification's defaults have it. */
  consentDefaults: z.enum(['none', 'document']).default('none'),
  /** Whole years; who is younger gets no account. 0: no such limit. */
  minimumAge: z.int().min(0).max(120).default(0),
  /** How long each class of data is kept; a person's own wish may only shorten it. */
  dataRetentionPolicies: RetentionPolicies.prefault({}),
  /** Sessions that the lifecycle moves or destroys in a second, at most; 0: no such limit. */
  lifecyclePerSecond: z.int().min(0).max(1_000_000).default(0),
})
export type SystemConfiguration = z.infer<typeof SystemConfiguration>
