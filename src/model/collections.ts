import type { z } from 'zod'
import { ConsentReceipt, Grant, SystemDocument } from './access.ts'
import { AddressClaim } from './address-claim.ts'
import { ApiKey } from './api-key.ts'
import { Archive, LegalHold, LifecycleState } from './archive.ts'
import { AuditChain, AuditEntry, AuditNote, chainPath } from './audit.ts'
import { Change } from './change.ts'
import { PrivacyBudget } from './cohort.ts'
import { Day } from './day.ts'
import { DirtyDay } from './dirty-day.ts'
import { Erasure } from './erasure.ts'
import { StoredEvent } from './event.ts'
import { ImportRecord } from './import.ts'
import { StoredInsight } from './insight.ts'
import { JobLog, StoredJob } from './job.ts'
import { KeptRequest } from './kept-request.ts'
import { LooseMonth } from './loose-month.ts'
import { ModelCard, ModelEvaluation, ModelRollout, ModelVersion } from './model-card.ts'
import { OutboxEntry } from './outbox.ts'
import { Problem } from './problem.ts'
import type { RetentionClass } from './retention.ts'
import { DayRevision, InsightRevision, SessionRevision } from './revision.ts'
import { archiveFields, dayFields, insightFields, sessionFields, userFields } from './sealed-fields.ts'
import { KeptSession } from './session.ts'
import { idPattern } from './text.ts'
import { UploadRecord } from './upload.ts'
import { StoredUser } from './user.ts'
import { StoredDelivery, StoredWebhook } from './webhook.ts'

export interface Collection {
  /** Path pattern of one document; `{…}` names an id. */
  readonly path: string
  /** What a document here must be; read back, it is parsed with this. */
  readonly schema: z.ZodType
  /** Index name → dotted paths into the body, in order. Ascending unless named in `descending`. */
  readonly indexes: { readonly [index: string]: readonly string[] }
  /** Fields of any index that the specification orders from high to low. */
  readonly descending?: readonly string[]
  /** Null: kept until replaced. */
  readonly retention: RetentionClass | null
  /** Dotted paths (`*`: each element) of what is kept sealed with the keys of whom the document is about. No index has one of them, but for `blind`. */
  readonly sealed?: readonly string[]
  /** Of these, texts that an index has: a keyed hash stands in their place, by which equals are found and nothing else. */
  readonly blind?: readonly string[]
  /** Names of these that are looked at by themselves: they are sealed once more, so that the others need not be opened for them. */
  readonly apart?: readonly string[]
  /** Belongs to a person: exported with them and erased with them. */
  readonly personal: boolean
  /** Batches elsewhere expect that nothing is at a path here. */
  readonly isGate?: true
  /** Ids here may also hold dots, as version numbers do. */
  readonly dottedIds?: true
  /** What a call for one person may do here at most, where documents have a second wall and these are nobody's: add, or nothing at all. */
  readonly behindWall?: 'added' | 'shut'
  /** Added to and never changed, where the engine can refuse it; taken away only up to the id in `archivedTo` of the document named here. */
  readonly sealedBeside?: string
}

/** Every place where a document lives. Storage, erasure, export and lifecycle read this table. */
export const collections = {
  users: {
    path: 'users/{userId}',
    schema: StoredUser,
    indexes: { email: ['profile.email', 'metadata.createdAt'] },
    descending: ['metadata.createdAt'],
    retention: 'user_profiles',
    sealed: userFields,
    personal: true,
  },
  addresses: {
    path: 'addresses/{addressId}',
    schema: AddressClaim,
    indexes: { user: ['userId', 'claimedAt'] },
    retention: 'user_profiles',
    personal: true,
  },
  healthSessions: {
    path: 'users/{userId}/healthSessions/{sessionId}',
    schema: KeptSession,
    indexes: {
      userStart: ['userId', 'sessionInfo.startTime'],
      localDate: ['userId', 'localDate'],
    },
    descending: ['sessionInfo.startTime'],
    retention: 'raw_health_data',
    sealed: sessionFields,
    personal: true,
  },
  sessionRevisions: {
    path: 'users/{userId}/healthSessions/{sessionId}/revisions/{revision}',
    schema: SessionRevision,
    indexes: { replaced: ['userId', 'sessionId', 'replacedAt'] },
    retention: 'raw_health_data',
    sealed: sessionFields.map((name) => `session.${name}`),
    personal: true,
  },
  archives: {
    path: 'users/{userId}/archives/{archiveId}',
    schema: Archive,
    indexes: { kind: ['kind', 'month'] },
    retention: 'raw_health_data',
    sealed: archiveFields,
    personal: true,
  },
  lifecycles: {
    path: 'users/{userId}/lifecycles/{name}',
    schema: LifecycleState,
    indexes: {},
    retention: 'raw_health_data',
    personal: true,
  },
  legalHolds: {
    path: 'legalHolds/{userId}',
    schema: LegalHold,
    indexes: { placed: ['placedAt'] },
    retention: 'user_profiles',
    personal: true,
    isGate: true,
  },
  insights: {
    path: 'users/{userId}/insights/{insightId}',
    schema: StoredInsight,
    indexes: { userDateType: ['userId', 'date', 'type'], date: ['date'] },
    descending: ['date'],
    retention: 'processed_insights',
    sealed: insightFields,
    apart: ['inputHash'],
    personal: true,
  },
  days: {
    path: 'users/{userId}/days/{date}',
    schema: Day,
    indexes: { userDate: ['userId', 'date'], date: ['date'] },
    retention: 'processed_insights',
    sealed: dayFields,
    apart: ['inputHash'],
    personal: true,
  },
  dirtyDays: {
    path: 'users/{userId}/dirtyDays/{date}',
    schema: DirtyDay,
    indexes: { due: ['due'] },
    retention: 'processed_insights',
    personal: true,
  },
  looseMonths: {
    path: 'users/{userId}/looseMonths/{month}',
    schema: LooseMonth,
    indexes: { due: ['due'] },
    retention: 'raw_health_data',
    personal: true,
  },
  dayRevisions: {
    path: 'users/{userId}/dayRevisions/{revisionId}',
    schema: DayRevision,
    indexes: { replaced: ['userId', 'date', 'replacedAt'] },
    retention: 'processed_insights',
    sealed: ['day'],
    personal: true,
  },
  insightRevisions: {
    path: 'users/{userId}/insightRevisions/{revisionId}',
    schema: InsightRevision,
    indexes: { replaced: ['userId', 'date', 'type', 'replacedAt'] },
    retention: 'processed_insights',
    sealed: ['insight'],
    personal: true,
  },
  changes: {
    path: 'users/{userId}/changes/{changeId}',
    schema: Change,
    indexes: { date: ['userId', 'date'] },
    retention: 'processed_insights',
    sealed: ['before', 'after', 'p'],
    personal: true,
  },
  outbox: {
    path: 'users/{userId}/outbox/{entryId}',
    schema: OutboxEntry,
    indexes: { at: ['at'] },
    retention: 'processed_insights',
    sealed: ['row'],
    personal: true,
  },
  events: {
    path: 'users/{userId}/events/{eventId}',
    schema: StoredEvent,
    indexes: { at: ['at'], telling: ['telling', 'at'] },
    retention: 'system_logs',
    personal: true,
  },
  permissions: {
    path: 'users/{userId}/permissions/{grantId}',
    schema: Grant,
    indexes: { grantee: ['granteeId', 'grantedAt'] },
    retention: 'user_profiles',
    personal: true,
  },
  consents: {
    path: 'users/{userId}/consents/{receiptId}',
    schema: ConsentReceipt,
    indexes: { given: ['userId', 'givenAt'], purpose: ['userId', 'purpose', 'givenAt'] },
    descending: ['givenAt'],
    retention: 'user_profiles',
    personal: true,
  },
  keys: {
    path: 'keys/{keyId}',
    schema: ApiKey,
    indexes: { created: ['createdAt'], user: ['userId', 'createdAt'] },
    retention: 'user_profiles',
    personal: true,
  },
  imports: {
    path: 'users/{userId}/imports/{importId}',
    schema: ImportRecord,
    indexes: { created: ['userId', 'createdAt'], content: ['userId', 'sha256'], state: ['status', 'createdAt'] },
    retention: 'raw_health_data',
    sealed: ['sha256', 'file', 'report', 'problem'],
    blind: ['sha256'],
    personal: true,
  },
  uploads: {
    path: 'users/{userId}/uploads/{uploadId}',
    schema: UploadRecord,
    indexes: { age: ['updatedAt'] },
    retention: 'raw_health_data',
    sealed: ['file'],
    personal: true,
  },
  jobs: {
    path: 'jobs/{jobId}',
    schema: StoredJob,
    indexes: {
      queue: ['status', 'priority', 'createdAt'],
      user: ['userId', 'createdAt'],
      owner: ['userId', 'status', 'createdAt'],
    },
    descending: ['priority'],
    retention: 'system_logs',
    personal: true,
  },
  requests: {
    path: 'requests/{requestId}',
    schema: KeptRequest,
    indexes: { expires: ['expiresAt'], user: ['userId', 'expiresAt'] },
    retention: 'system_logs',
    sealed: ['print', 'answer'],
    personal: true,
  },
  webhooks: {
    path: 'webhooks/{webhookId}',
    schema: StoredWebhook,
    indexes: { audience: ['audience', 'createdAt'] },
    retention: 'user_profiles',
    sealed: ['url', 'secret'],
    personal: true,
  },
  webhookDeliveries: {
    path: 'webhooks/{webhookId}/deliveries/{deliveryId}',
    schema: StoredDelivery,
    indexes: { due: ['status', 'nextAt'], made: ['webhookId', 'createdAt'], user: ['userId', 'createdAt'] },
    descending: ['createdAt'],
    retention: 'system_logs',
    personal: true,
  },
  jobLogs: { path: 'jobs/{jobId}/logs/{n}', schema: JobLog, indexes: { at: ['at'] }, retention: 'system_logs', personal: true },
  models: { path: 'models/{name}', schema: ModelCard, indexes: {}, retention: null, personal: false },
  modelVersions: {
    path: 'models/{name}/versions/{version}',
    schema: ModelVersion,
    indexes: {},
    retention: null,
    personal: false,
    dottedIds: true,
  },
  modelPerformance: {
    path: 'models/{name}/performance/{evaluationId}',
    schema: ModelEvaluation,
    indexes: { evaluated: ['version', 'lastEvaluated'] },
    retention: null,
    personal: false,
  },
  modelDeployments: {
    path: 'models/{name}/deployments/{deploymentId}',
    schema: ModelRollout,
    indexes: { status: ['status', 'deployedAt'] },
    retention: null,
    personal: false,
  },
  privacyBudgets: { path: 'privacyBudgets/{year}', schema: PrivacyBudget, indexes: {}, retention: null, personal: false },
  system: { path: 'system/{name}', schema: SystemDocument, indexes: {}, retention: null, personal: false },
  auditOutbox: {
    path: 'auditOutbox/{noteId}',
    schema: AuditNote,
    indexes: {},
    retention: 'audit_logs',
    personal: false,
    behindWall: 'added',
  },
  erasures: {
    path: 'erasures/{erasureId}',
    schema: Erasure,
    indexes: { state: ['status', 'requestedAt'] },
    retention: null,
    personal: false,
    isGate: true,
  },
  auditLogs: {
    path: 'auditLogs/{seq}',
    schema: AuditEntry,
    indexes: { at: ['at'], subject: ['subject', 'at'] },
    descending: ['at'],
    retention: 'audit_logs',
    personal: false,
    behindWall: 'shut',
    sealedBeside: chainPath,
  },
  auditChain: {
    path: 'auditChain/{name}',
    schema: AuditChain,
    indexes: {},
    retention: 'audit_logs',
    personal: false,
    behindWall: 'shut',
  },
} as const satisfies Record<string, Collection>

export type CollectionName = keyof typeof collections

export const collectionNames: readonly CollectionName[] = Object.keys(collections).filter(isCollectionName)

export interface Place {
  readonly collection: CollectionName
  /** By the names in the pattern: `{ userId: 'u1', date: '2024-01-20' }`. */
  readonly ids: Readonly<Record<string, string>>
  /** The last of them. */
  readonly id: string
  /** Path of the parent document; undefined at the top. */
  readonly parent: string | undefined
}

// Each layer of the documents asks for the same few: compared, not looked up in a Map, for which V8 would keep every path in its table of names.
const RECENT = 16
const recent: { readonly path: string; readonly place: Place }[] = []
let newest = 0

/** Where a document path points. Throws `Problem('invalid_id')` for a bad id and for a path that no collection has. */
export function placeOf(path: string): Place {
  for (let back = 0; back < recent.length; back++) {
    const each = recent[(newest - back) & (RECENT - 1)]
    if (each?.path === path) return each.place
  }
  const place = findPlace(path)
  newest = (newest + 1) & (RECENT - 1)
  recent[newest] = { path, place }
  return place
}

function findPlace(path: string): Place {
  const segments = path.split('/')
  const shape = shapes.get(shapeOf(segments))
  if (shape === undefined) throw new Problem('invalid_id', 'No collection has a document at this path')
  const { collection, names, lastId } = shape
  const ids: Record<string, string> = {}
  const last = segments.length - 1
  for (let at = 1; at <= last; at += 2) {
    const id = segments[at] as string
    if (!(at === last ? lastId : idPattern).test(id)) throw new Problem('invalid_id', `Bad id in a path of ${collection}`)
    ids[names[at >> 1] as string] = id
  }
  return { collection, ids, id: segments[last] as string, parent: last > 1 ? segments.slice(0, -2).join('/') : undefined }
}

const dottedIdPattern = /^(?=.{1,128}$)(?!__.*__$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/

export function isCollectionName(text: string): text is CollectionName {
  return Object.hasOwn(collections, text)
}

/** `users/{userId}/days/{date}` and `users/u1/days/2024-01-20` have the shape `users/days`. */
function shapeOf(segments: readonly string[]): string {
  if (segments.length % 2 !== 0) return ''
  let shape = segments[0] ?? ''
  for (let at = 2; at < segments.length; at += 2) shape += `/${segments[at]}`
  return shape
}

interface Shape {
  readonly collection: CollectionName
  /** Of its ids. */
  readonly names: readonly string[]
  readonly lastId: RegExp
}

const shapes: ReadonlyMap<string, Shape> = new Map(
  collectionNames.map((collection) => {
    const { path, dottedIds }: Collection = collections[collection]
    const segments = path.split('/')
    const names = segments.filter((_, at) => at % 2 === 1).map((segment) => segment.slice(1, -1))
    return [shapeOf(segments), { collection, names, lastId: dottedIds ? dottedIdPattern : idPattern }] as const
  }),
)
