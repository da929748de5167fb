import { z } from 'zod'

/** What kind of thing measured. The order is the default priority: the first wins where several cover the same time. */
export const SourceKind = z.enum(['manual', 'watch', 'ring', 'strap', 'phone', 'scale', 'app', 'unknown'])
export type SourceKind = z.infer<typeof SourceKind>

/** The device or app that measured. `id` is stable for one person: a short hash of name and kind. */
export const Source = z.object({
  id: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/),
  name: z.string().min(1).max(500),
  kind: SourceKind,
})
export type Source = z.infer<typeof Source>

export const defaultSourcePriority: readonly SourceKind[] = SourceKind.options
