import type { CollectionName } from './collections.ts'
import type { JobStatus } from './job.ts'
import { type RetentionClass, wishClasses } from './retention.ts'

/** Documents of a person that grow old: where they stand, and by which of their fields. */
export interface Ageing {
  readonly collection: CollectionName
  /** Of that collection: the person, then the field. */
  readonly index: string
  /** The field, an instant or a calendar date. */
  readonly at: string
  /** An index of the same documents from the oldest on, and its field, where `index` begins with the newest. */
  readonly ascending?: { readonly index: string; readonly at: string }
  /** Not below the person. */
  readonly isTop?: true
  /** Only those of one of these statuses. */
  readonly statuses?: readonly string[]
  /** Never archived: where it is until it is destroyed. */
  readonly staysHot?: true
}

/** A job that waits or is under way is no log yet. */
export const endedStatuses = ['completed', 'failed', 'cancelled'] as const satisfies readonly JobStatus[]

/** What a person's data of one kind are, in the words of their wish where they have one. All that is archived of a month lies together. */
export const retentionKinds = {
  rawData: {
    class: wishClasses.rawData,
    documents: [
      { collection: 'healthSessions', index: 'userStart', at: 'sessionInfo.startTime', ascending: { index: 'localDate', at: 'localDate' } },
      { collection: 'imports', index: 'created', at: 'createdAt', staysHot: true },
    ],
  },
  insights: {
    class: wishClasses.insights,
    documents: [
      { collection: 'insights', index: 'userDateType', at: 'date' },
      { collection: 'insightRevisions', index: 'replaced', at: 'date' },
    ],
  },
  analytics: {
    class: wishClasses.analytics,
    documents: [
      { collection: 'days', index: 'userDate', at: 'date' },
      { collection: 'dayRevisions', index: 'replaced', at: 'date' },
      { collection: 'changes', index: 'date', at: 'date' },
    ],
  },
  systemLogs: {
    class: 'system_logs',
    documents: [{ collection: 'jobs', index: 'user', at: 'createdAt', isTop: true, statuses: endedStatuses }],
  },
} as const satisfies Record<string, { readonly class: RetentionClass; readonly documents: readonly Ageing[] }>

export type RetentionKind = keyof typeof retentionKinds

export const retentionKindNames = ['rawData', 'insights', 'analytics', 'systemLogs'] as const satisfies readonly RetentionKind[]
