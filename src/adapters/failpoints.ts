/** Every place where a test may stop the stores: each is reached just after what its name says. */
export const failpoints = [
  'documents:migrated-one',
  'documents:begun',
  'documents:written-one',
  'documents:written-all',
  'documents:committed',
  'documents:scrubbed',
  'blobs:opened',
  'blobs:written',
  'blobs:synced',
  'blobs:renamed-one',
  'blobs:folders-synced',
  'blobs:unlinked',
] as const

export type Failpoint = (typeof failpoints)[number]

export interface FailpointOptions {
  /** Called at each failpoint; what it throws comes out of the call under way. */
  readonly failpoint?: (name: Failpoint) => void
}
