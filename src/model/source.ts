import { z } from 'zod'
import { idPattern, issue } from './text.ts'

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

/**
 * An order of sources, the best first: kinds, and single sources as `id:` and their id, which may stand apart from their kind. What it leaves
 * out comes after it in the default order.
 */
export type SourceOrder = readonly string[]

/** A person's own order. */
export const SourcePriority = z.object({
  order: z
    .array(
      z.string().superRefine((word, context) => {
        if (!isRanked(word))
          context.addIssue(issue('invalid_enum', `Must be one of ${SourceKind.options.join(', ')}, or id: and the id of a source`))
      }),
    )
    .max(100)
    .refine((order) => new Set(order).size === order.length, 'Each may stand there once'),
})
export type SourcePriority = z.infer<typeof SourcePriority>

function isRanked(word: string): boolean {
  return SourceKind.safeParse(word).success || (word.startsWith('id:') && idPattern.test(word.slice('id:'.length)))
}

export const defaultSourcePriority: readonly SourceKind[] = SourceKind.options
