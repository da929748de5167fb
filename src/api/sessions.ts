import { z } from 'zod'
import { problemCodes } from '../model/problem.ts'
import { QuarantinedSample } from '../model/quarantined-sample.ts'
import { Counts, SessionQuality, StoredSession } from '../model/session.ts'
import { CalendarDate, Id, Instant, text } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { archived, flag, pageOf, pageQuery } from './listing.ts'

/** A session as it is told: where its samples lie concerns nobody, what they are is told where it is asked for. */
export const SessionReply = StoredSession.omit({ samples: true, contentSha256: true }).extend({
  setAside: z.array(QuarantinedSample).optional(),
})
export type SessionReply = z.infer<typeof SessionReply>

const Status = z.enum(['created', 'exists', 'replaced', 'restored'])

/** What became of a session. */
export const SessionReceipt = z.object({
  status: Status,
  sessionId: Id,
  revision: z.int().min(1),
  localDate: CalendarDate,
  /** `received = accepted + duplicate + quarantined + rejected` */
  counts: Counts,
  quality: SessionQuality,
  /** Into how many sessions of at most 24 hours it was cut. */
  parts: z.int().optional(),
})
export type SessionReceipt = z.infer<typeof SessionReceipt>

export const LineOutcome = z.object({
  line: z.int().min(1),
  /** Where the line begins in the body, unpacked. */
  offset: z.int().min(0),
  status: z.enum([...Status.options, 'rejected']),
  sessionId: Id.optional(),
  counts: Counts.optional(),
  code: z.enum(problemCodes).optional(),
  detail: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.enum(problemCodes), message: z.string() })).optional(),
})
export type LineOutcome = z.infer<typeof LineOutcome>

export const LinesReceipt = z.object({
  lines: z.object({ received: z.int(), kept: z.int(), rejected: z.int() }),
  /** Of the samples of the lines that were kept. */
  counts: Counts,
  outcomes: z.array(LineOutcome),
})
export type LinesReceipt = z.infer<typeof LinesReceipt>

const restore = flag.meta({ description: 'Takes a session also where one of its id was deleted.' })

const problems = [
  'conflict',
  'deleted',
  'end_before_start',
  'future',
  'hr_jump',
  'hr_out_of_range',
  'invalid',
  'offset_required',
  'ambiguous_local_time',
  'invalid_date',
  'session_too_long',
  'too_many_samples',
  'unlikely_transition',
] as const

const MOST_BYTES = 64 << 20

export const sessionsApi = {
  addSessions: {
    method: 'post',
    path: '/v1/users/{userId}/sessions',
    summary: 'Hand in one session as JSON, or many as NDJSON: one a line, each with an outcome of its own',
    scope: 'sessions:write',
    grant: { resource: 'sessions', access: 'write' },
    audit: 'write',
    query: z.object({ restore }),
    body: { type: 'samples', maxBytes: MOST_BYTES },
    oneBatch: 'application/json',
    reply: { type: 'json', status: 201, schema: z.union([SessionReceipt, LinesReceipt]) },
    problems: [...problems, 'truncated_stream'],
    examples: {
      body: {
        sessionInfo: {
          sessionId: 'session_20240120_143000',
          startTime: '2024-01-20T14:30:00Z',
          endTime: '2024-01-20T15:30:00Z',
          dataSource: 'apple_watch_series_9',
          dataTypes: ['heart_rate', 'steps'],
        },
        heartRate: { samples: [{ timestamp: '2024-01-20T14:30:00Z', value: 72, confidence: 0.95, context: 'resting' }] },
        activity: { steps: { total: 1250, cadence: 110, confidence: 0.98 } },
      },
    },
  },
  listSessions: {
    method: 'get',
    path: '/v1/users/{userId}/sessions',
    summary: 'Read sessions, the latest first',
    scope: 'sessions:read',
    grant: { resource: 'sessions', access: 'read' },
    audit: 'read',
    query: z.object({
      from: Instant.optional().meta({ description: 'Sessions that start at this time or later.', format: 'date-time' }),
      to: Instant.optional().meta({ description: 'Sessions that start before this time.', format: 'date-time' }),
      dataType: text(1, 100).optional().meta({ description: 'Sessions with data of this type, such as heart_rate.' }),
      source: text(1, 500).optional().meta({ description: 'Id or name of the device or app that measured.' }),
      archived,
      ...pageQuery,
    }),
    reply: { type: 'json', status: 200, schema: pageOf(SessionReply) },
    problems: ['bad_cursor'],
  },
  getSession: {
    method: 'get',
    path: '/v1/users/{userId}/sessions/{sessionId}',
    summary: 'Read one session, with its samples and those that were set aside where they are asked for',
    scope: 'sessions:read',
    grant: { resource: 'sessions', access: 'read' },
    audit: 'read',
    query: z.object({
      samples: flag.meta({ description: 'Whether its samples are told too.' }),
      quarantined: flag.meta({
        description:
          'Whether the samples that were set aside are told too, each with its reason, as `setAside`; to whoever sees all of the session.',
      }),
      revision: z.coerce
        .number()
        .int()
        .min(1)
        .optional()
        .meta({ description: 'What it said before it was replaced, by the number of then.' }),
    }),
    reply: { type: 'json', status: 200, schema: SessionReply },
    problems: [],
    versioned: 'read',
  },
  putSession: {
    method: 'put',
    path: '/v1/users/{userId}/sessions/{sessionId}',
    summary: 'Hand in a session under its id, or replace one; with deleted, amend it',
    scope: 'sessions:write',
    grant: { resource: 'sessions', access: 'write' },
    audit: 'write',
    query: z.object({ restore }),
    body: { type: 'samples', maxBytes: MOST_BYTES },
    reply: { type: 'json', status: 200, schema: SessionReceipt },
    problems: [...problems, 'precondition_required'],
    versioned: 'may',
  },
  deleteSession: {
    method: 'delete',
    path: '/v1/users/{userId}/sessions/{sessionId}',
    summary: 'Delete a session, its samples and what was made of them; a late upload does not bring it back',
    scope: 'sessions:write',
    grant: { resource: 'sessions', access: 'write' },
    audit: 'delete',
    reply: { type: 'none', status: 204 },
    problems: [],
    versioned: 'may',
  },
} as const satisfies Api
