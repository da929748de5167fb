import { z } from 'zod'
import type { CollectionName } from './collections.ts'
import { Id, Instant } from './text.ts'

/** What a person may take with them: everything, or what other systems read. */
export const exportFormats = ['zip', 'fhir', 'omh'] as const
export const ExportFormat = z.enum(exportFormats)
export type ExportFormat = z.infer<typeof ExportFormat>

/** A link to an export is good for so long, ms. */
export const EXPORTS_KEPT_MS = 7 * 86_400_000

export const EXPORT_KIND = 'clarity-export'

/** `manifest.json`, the last file of an export. */
export const ExportManifest = z.object({
  kind: z.literal(EXPORT_KIND),
  version: z.literal(1),
  userId: Id,
  createdAt: Instant,
  /** How many of each there are, by collection. */
  counts: z.record(z.string(), z.int().min(0)),
  files: z.array(z.object({ name: z.string(), bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) })),
})
export type ExportManifest = z.infer<typeof ExportManifest>

/** As they are kept, to be brought back: what consents and permissions say was said to another house. */
export const carriedCollections = [
  'users',
  'imports',
  'healthSessions',
  'sessionRevisions',
  'days',
  'dayRevisions',
  'insights',
  'insightRevisions',
  'changes',
] as const satisfies readonly CollectionName[]

/** One line of `store/<collection>.ndjson`: the path from the person on, empty for the person. */
export const CarriedDocument = z.object({ path: z.string(), body: z.record(z.string(), z.unknown()) })
export type CarriedDocument = z.infer<typeof CarriedDocument>

/** `<expires, epoch s>_<32 hex>`: an export's id says until when it can be had. */
export const exportIdPattern = /^(\d{10})_[0-9a-f]{32}$/

export function exportKey(userId: string, exportId: string): string {
  return `exports/${userId}/${exportId}`
}

/** Epoch ms; undefined for what is no id of an export. */
export function exportEndMs(exportId: string): number | undefined {
  const seconds = exportIdPattern.exec(exportId)?.[1]
  return seconds === undefined ? undefined : Number(seconds) * 1000
}
