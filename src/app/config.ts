import { resolve, sep } from 'node:path'
import { z } from 'zod'
import { type Failpoint, failpointsOf } from '../adapters/failpoints.ts'
import type { Issuer } from '../adapters/tokens/oidc.ts'
import { type StagedNights, stagedNights } from '../flows/staging-run.ts'
import type { RateLimits } from '../http/limit-rate.ts'
import { Problem } from '../model/problem.ts'
import { hostsOf, issuersOf, proxiesOf, rateLimitsOf } from './access-settings.ts'

/** A URL of one of `schemes`, which says where something is kept; or `word`. */
function place(schemes: readonly string[], example: string, word?: string) {
  const known = new RegExp(`^(?:${word === undefined ? '' : `${word}$|`}(?:${schemes.join('|')}):)`)
  const url = `a URL that begins with ${schemes.map((scheme) => `${scheme}:`).join(', ')}, such as ${example}`
  return z.string().regex(known, word === undefined ? url : `${word}, or ${url}`)
}

/** What a process of the server does: answer, work off jobs, or both. */
export const roles = ['all', 'api', 'worker'] as const
export type Role = (typeof roles)[number]

/** From the first on is logged. */
export const logLevels = ['info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** Every setting, read once. A bad one stops the start with its name and what it may be. */
const Settings = z.object({
  /** The folder that holds everything that is not elsewhere. */
  CLARITY_DATA: z.string().min(1, 'a folder').default('./data'),
  CLARITY_DOCUMENTS: place(['sqlite', 'postgres', 'postgresql', 'firestore'], 'postgres://USER@HOST/DATABASE').default('sqlite:'),
  CLARITY_BLOBS: place(['file', 's3', 'gs'], 's3://BUCKET?region=eu-central-1').default('file:'),
  CLARITY_WAREHOUSE: place(['sqlite', 'postgres', 'postgresql'], 'postgres://USER@HOST/DATABASE', 'none').optional(),
  CLARITY_CACHE: place(['redis', 'rediss'], 'redis://HOST', 'memory:').default('memory:'),
  /** Where people's keys lie, wrapped. */
  CLARITY_KEYS: place(['file', 'postgres', 'postgresql'], 'postgres://USER@HOST/DATABASE').default('file:'),
  /** What wraps them. */
  CLARITY_ROOT_KEY: place(['file'], 'file:/etc/clarity/root.key').default('file:'),
  /** Where the audit log's checkpoints go. */
  CLARITY_CHECKPOINTS: place(['file', 's3', 'gs'], 's3://BUCKET?region=eu-central-1').default('file:'),
  /** Below it backup jobs make their folders. */
  CLARITY_BACKUPS: z.string().min(1, 'a folder').optional(),
  /** The server that commands ask instead of opening the store. */
  CLARITY_URL: z
    .string()
    .regex(/^https?:\/\/[^/]/, 'an address such as http://127.0.0.1:8080')
    .optional(),
  /** The credential for it. */
  CLARITY_KEY: z.string().min(1, 'an API key').optional(),
  CLARITY_NARRATOR: z
    .string()
    .regex(
      /^(?:template:$|openai-compatible:https?:\/\/[^#]+#.+|google:.+|anthropic:.+)/,
      'template:, openai-compatible:URL#MODEL, google:MODEL or anthropic:MODEL',
    )
    .default('template:'),
  CLARITY_NARRATOR_KEY: z.string().min(1, 'the key of the language model').optional(),
  CLARITY_ROLE: z.enum(roles, `one of ${roles.join(', ')}`).optional(),
  /** Which nights a model stages. */
  CLARITY_STAGED_NIGHTS: z.enum(stagedNights, `one of ${stagedNights.join(', ')}`).optional(),
  CLARITY_HOST: z.string().min(1, 'an address to listen on, such as 127.0.0.1').optional(),
  CLARITY_PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'a port, or 0 for any that is free')
    .optional(),
  CLARITY_LOG: z.enum(logLevels, `one of ${logLevels.join(', ')}`).optional(),
  CLARITY_ISSUERS: z
    .string()
    .refine((text) => issuersOf(text) !== undefined, 'issuers such as https://id.example.org#AUDIENCE, with spaces between')
    .optional(),
  CLARITY_RATE_LIMITS: z
    .string()
    .refine(
      (text) => rateLimitsOf(text) !== undefined,
      'off, or calls a minute such as read=1200,write=300,ingest=3000,costly=30,failed=60',
    )
    .optional(),
  CLARITY_HOSTS: z
    .string()
    .refine((text) => hostsOf(text) !== undefined, 'names of this server such as health.example.org, with commas between')
    .optional(),
  CLARITY_TRUSTED_PROXIES: z
    .string()
    .refine((text) => proxiesOf(text) !== undefined, 'addresses or ranges such as 10.0.0.0/8, with commas between')
    .optional(),
  /** OpenTelemetry's own setting: a collector that takes OTLP over HTTP. */
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .string()
    .regex(/^https?:\/\/[^/]/, 'an address such as http://127.0.0.1:4318')
    .optional(),
  /** Where tests stop the stores: `NAME:kill|throw|delay(MS)[@N],…`. */
  CLARITY_FAILPOINTS: z.string().optional(),
})

/** Only `data` must be said: the rest is kept there then. */
export interface Config {
  /** Absolute. */
  readonly data: string
  /** `sqlite:` and `file:` without a path lie in `data`. */
  readonly documents?: string
  readonly blobs?: string
  /** `none` for none; absent: as the documents where those are SQL, else none. */
  readonly warehouse?: string
  readonly cache?: string
  /** `file:` without a path lies in `data`. */
  readonly keys?: string
  readonly rootKey?: string
  /** `file:` without a path lies in `data`. */
  readonly checkpoints?: string
  /** Absolute; absent: no backup can be asked for. */
  readonly backups?: string
  /** Who writes the summaries: `template:`, or a language model. */
  readonly narrator?: string
  readonly narratorKey?: string
  readonly failpoint?: (name: Failpoint) => void
  readonly url?: string
  readonly key?: string
  /** Of a collector; absent: no traces. */
  readonly traces?: string
  readonly role?: Role
  readonly stagedNights?: StagedNights
  readonly host?: string
  readonly port?: number
  readonly log?: LogLevel
  /** Whose access tokens are trusted; absent: nobody's. */
  readonly issuers?: readonly Issuer[]
  readonly rateLimits?: RateLimits | 'off'
  /** Names that the server answers to beyond this machine; absent: any. */
  readonly hosts?: readonly string[]
  /** Whose X-Forwarded-For is believed; absent: nobody's. */
  readonly proxies?: readonly string[]
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const known = Object.keys(Settings.shape)
  const unknown = Object.keys(environment).filter((name) => name.startsWith('CLARITY_') && !known.includes(name) && !FOREIGN.test(name))
  if (unknown.length > 0) throw new Problem('wrong_use', `Unknown setting ${unknown.join(', ')}. Known are: ${known.join(', ')}.`)
  const parsed = Settings.safeParse(environment)
  if (!parsed.success)
    throw new Problem('wrong_use', parsed.error.issues.map((issue) => `${issue.path.join('.')} must be ${issue.message}`).join('; '))
  const { CLARITY_DATA, CLARITY_DOCUMENTS, CLARITY_BLOBS, CLARITY_WAREHOUSE, CLARITY_CACHE, CLARITY_FAILPOINTS, CLARITY_BACKUPS } =
    parsed.data
  if (CLARITY_FAILPOINTS !== undefined && environment.NODE_ENV !== 'test')
    throw new Problem('wrong_use', 'CLARITY_FAILPOINTS stops the stores on purpose: it is for tests, with NODE_ENV=test.')
  if (CLARITY_BACKUPS !== undefined && `${resolve(CLARITY_BACKUPS)}${sep}`.startsWith(`${resolve(CLARITY_DATA)}${sep}`))
    throw new Problem('wrong_use', 'CLARITY_BACKUPS must be a folder outside the data folder: a backup belongs elsewhere.')
  return {
    data: resolve(CLARITY_DATA),
    documents: CLARITY_DOCUMENTS,
    blobs: CLARITY_BLOBS,
    cache: CLARITY_CACHE,
    checkpoints: parsed.data.CLARITY_CHECKPOINTS,
    keys: parsed.data.CLARITY_KEYS,
    rootKey: parsed.data.CLARITY_ROOT_KEY,
    narrator: parsed.data.CLARITY_NARRATOR,
    ...(parsed.data.CLARITY_NARRATOR_KEY !== undefined && { narratorKey: parsed.data.CLARITY_NARRATOR_KEY }),
    ...(CLARITY_WAREHOUSE !== undefined && { warehouse: CLARITY_WAREHOUSE }),
    ...(CLARITY_FAILPOINTS !== undefined && { failpoint: failpointsOf(CLARITY_FAILPOINTS) }),
    ...(CLARITY_BACKUPS !== undefined && { backups: resolve(CLARITY_BACKUPS) }),
    ...remoteIn(parsed.data),
    ...(parsed.data.CLARITY_STAGED_NIGHTS !== undefined && { stagedNights: parsed.data.CLARITY_STAGED_NIGHTS }),
    ...servingOf(parsed.data),
    ...accessOf(parsed.data),
  }
}

function remoteIn({ CLARITY_URL, CLARITY_KEY, OTEL_EXPORTER_OTLP_ENDPOINT: traces }: z.infer<typeof Settings>): Partial<Config> {
  return {
    ...(traces !== undefined && { traces }),
    ...(CLARITY_URL !== undefined && { url: CLARITY_URL }),
    ...(CLARITY_KEY !== undefined && { key: CLARITY_KEY.trim() }),
  }
}

function servingOf({ CLARITY_ROLE, CLARITY_HOST, CLARITY_PORT, CLARITY_LOG }: z.infer<typeof Settings>): Partial<Config> {
  return {
    ...(CLARITY_ROLE !== undefined && { role: CLARITY_ROLE }),
    ...(CLARITY_HOST !== undefined && { host: CLARITY_HOST }),
    ...(CLARITY_PORT !== undefined && { port: Number(CLARITY_PORT) }),
    ...(CLARITY_LOG !== undefined && { log: CLARITY_LOG }),
  }
}

function accessOf(settings: z.infer<typeof Settings>): Partial<Config> {
  const { CLARITY_ISSUERS, CLARITY_RATE_LIMITS, CLARITY_HOSTS, CLARITY_TRUSTED_PROXIES } = settings
  const issuers = CLARITY_ISSUERS === undefined ? undefined : issuersOf(CLARITY_ISSUERS)
  const rateLimits = CLARITY_RATE_LIMITS === undefined ? undefined : rateLimitsOf(CLARITY_RATE_LIMITS)
  const hosts = CLARITY_HOSTS === undefined ? undefined : hostsOf(CLARITY_HOSTS)
  const proxies = CLARITY_TRUSTED_PROXIES === undefined ? undefined : proxiesOf(CLARITY_TRUSTED_PROXIES)
  return {
    ...(issuers !== undefined && { issuers }),
    ...(rateLimits !== undefined && { rateLimits }),
    ...(hosts !== undefined && { hosts }),
    ...(proxies !== undefined && { proxies }),
  }
}

/** Read by the tests, not by the product. */
const FOREIGN = /^CLARITY_(?:TEST_|REAL_DATA$|BENCH_|FAULT_)/
