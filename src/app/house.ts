import { createHmac } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { zipArchive } from '../adapters/archive/zip.ts'
import { openMemoryCache } from '../adapters/cache/memory.ts'
import { openGuardedEgress } from '../adapters/egress/guarded.ts'
import { openHttpInference } from '../adapters/inference/http.ts'
import { openOnnxInference } from '../adapters/inference/onnx.ts'
import { templateNarrator } from '../adapters/narrator/template.ts'
import { openFileScratch } from '../adapters/scratch/files.ts'
import { openFileSigner } from '../adapters/signer/file.ts'
import { lockStore } from '../adapters/store-lock.ts'
import { systemTimer } from '../adapters/timer/system.ts'
import { openTokens } from '../adapters/tokens/oidc.ts'
import { noTracer } from '../adapters/tracer/none.ts'
import type { ActivateDeps } from '../flows/activate-model.ts'
import type { AnalyseDeps } from '../flows/analyse-days.ts'
import type { AskBackupDeps } from '../flows/ask-backup.ts'
import type { AuditDeps } from '../flows/audit-note.ts'
import type { CohortDeps } from '../flows/cohort.ts'
import type { DeliverDeps } from '../flows/deliver-webhooks.ts'
import { withEvents } from '../flows/events.ts'
import { refuseUnfinished } from '../flows/fill-store.ts'
import type { ImportDeps } from '../flows/import-file.ts'
import type { KeyDeps } from '../flows/keys.ts'
import { refuseOtherKeys } from '../flows/keys-of-store.ts'
import type { OpenBackupPlace } from '../flows/make-backup.ts'
import type { Digest } from '../flows/merkle-tree.ts'
import type { ReplayDeps } from '../flows/replay-erasures.ts'
import type { ShippedDeps } from '../flows/shipped-models.ts'
import { openStagers, type Stagers } from '../flows/stagers.ts'
import type { SyntheticDeps } from '../flows/take-synthetic.ts'
import { openTombstones, type Tombstones } from '../flows/tombstones.ts'
import { type OutboxDeps, type ToWarehouse, toNowhere, toOutbox } from '../flows/warehouse-outbox.ts'
import { type WebhookDeps, watchWebhooks } from '../flows/webhooks.ts'
import type { About } from '../model/monitoring.ts'
import type { Archive } from '../ports/archive.ts'
import type { Cache } from '../ports/cache.ts'
import type { Clock } from '../ports/clock.ts'
import type { Documents } from '../ports/documents.ts'
import type { Egress } from '../ports/egress.ts'
import type { Inference } from '../ports/inference.ts'
import type { Keys } from '../ports/keys.ts'
import type { Narrator } from '../ports/narrator.ts'
import type { Signer } from '../ports/signer.ts'
import type { Timer } from '../ports/timer.ts'
import type { Tokens } from '../ports/tokens.ts'
import type { Tracer } from '../ports/tracer.ts'
import type { Warehouse } from '../ports/warehouse.ts'
import { aboutHere, packageVersion } from './about.ts'
import { auditParts } from './audit-parts.ts'
import { openBackupPlace } from './backup-place.ts'
import { chance, clock, newId, newSecret, sha256 } from './chance.ts'
import type { Config } from './config.ts'
import { openKeysHere } from './open-keys.ts'
import type { SealedStores } from './sealed-stores.ts'
import { shippedModels } from './shipped-models.ts'
import { keysOf, openBlobs, openDocuments, schemeOf, sqlitePath, storesOf } from './stores.ts'
import { isRedis, storesOver } from './stores-over.ts'
import { syntheticExport } from './synthetic-person.ts'

export interface House
  extends ImportDeps,
    AnalyseDeps,
    OutboxDeps,
    KeyDeps,
    DeliverDeps,
    WebhookDeps,
    AskBackupDeps,
    CohortDeps,
    ActivateDeps,
    ShippedDeps,
    AuditDeps,
    SyntheticDeps,
    Pick<SealedStores, 'lying' | 'sealing' | 'keyedHash'>,
    AsyncDisposable {
  readonly keys: Keys
  readonly toWarehouse: ToWarehouse
  readonly cache: Cache
  readonly timer: Timer
  readonly tokens: Tokens
  readonly tracer: Tracer
  readonly about: About
  /** Who was erased: nothing of them is written or read. */
  readonly tombstones: Tombstones
  readonly signer: Signer
  readonly archive: Archive
  /** No other process is at the documents while this one is. */
  readonly isAlone: boolean
  /** SHA-256, 32 bytes. */
  readonly digest: Digest
  readonly stagers: Stagers
  /** Tells processes that this one keeps out of its store where it answers. */
  announce(url: string): void
}

interface HouseOptions {
  readonly evenUnfinished?: boolean
  readonly isBusy?: boolean
  readonly kept?: Documents
}

/**
 * Every port with its adapter: the only place that knows which. A store on SQLite is held until the house is disposed; throws
 * `Problem('store_in_use')` where another process holds it, and `unavailable` for one that a restore or copy left half filled.
 * `command` is what the next process is told. `isBusy`: it answers while it writes. `kept`: documents that another thread of this process has,
 * which then holds the store.
 */
export async function openHouse(config: Config, command = 'clarity', options: HouseOptions = {}): Promise<House> {
  const { evenUnfinished = false, isBusy = false } = options
  const { data, failpoint } = config
  const urls = storesOf(config)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  await using opened = new AsyncDisposableStack()
  const isOneProcess = schemeOf(urls.documents) === 'sqlite'
  const isHolder = isOneProcess && options.kept === undefined
  const lock = isHolder ? opened.use(await lockStore(dirname(sqlitePath(urls.documents)), { command })) : undefined
  const stopping = { ...(failpoint && { failpoint }) }
  const tracer = opened.use(await openTracer(config))
  const keys = opened.use(await openKeysHere(config))
  const kept = options.kept ?? opened.use(await openDocuments(urls.documents, { ...stopping, isBusy }))
  if (!evenUnfinished) await refuseUnfinished({ documents: kept })
  await refuseOtherKeys({ documents: kept, keys })
  const blobs = opened.use(await openBlobs(urls.blobs, stopping))
  const cache = opened.use(await openCache(config, clock))
  const warehouseUrl = warehouseOf(config)
  const warehouse = opened.use(await openWarehouse(warehouseUrl))
  const egress = openGuardedEgress()
  const inference = openInference(egress)
  const models = { documents: kept, blobs, clock, inference, shipped: shippedModels }
  const stagers = opened.use(openStagers(models, config.stagedNights))
  const narrator = await openNarrator(config)
  const house = opened.move()
  const { documents, ...stores } = storesOver({ kept, blobs, keys, cache, tracer, config, isOneProcess })
  return {
    ...stores,
    documents: withEvents({ documents, cache, clock, newId, hasWebhooks: watchWebhooks({ documents, timer: systemTimer }) }),
    // Beside the root key: machines that share that one sign alike.
    signer: openFileSigner(join(dirname(keysOf(config).rootKey), 'signing.key')),
    keys,
    cache,
    warehouse,
    toWarehouse: warehouseUrl === 'none' ? toNowhere : toOutbox,
    scratch: openFileScratch(join(data, 'tmp')),
    narrator,
    ...auditParts({ documents, keys, clock, newId, timer: systemTimer }),
    ...alike,
    egress,
    inference,
    stagers,
    tracer,
    tokens: openTokens(config.issuers ?? [], { clock }),
    about: aboutHere({ ...urls, warehouse: warehouseUrl, cache: config.cache ?? 'memory:', narrator: config.narrator ?? 'template:' }),
    isAlone: isHolder,
    openBackup: backupsOf(config),
    announce: (url) => lock?.tell({ command, url }),
    [Symbol.asyncDispose]: () => house.disposeAsync(),
  }
}

/** The same in every house. */
const alike = {
  ...chance,
  clock,
  timer: systemTimer,
  archive: zipArchive,
  fallback: templateNarrator,
  shipped: shippedModels,
  synthetic: syntheticExport,
  sha256,
  hmacSha256: (key: string, text: string) => createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64'),
}

/** What takes out of a filled store whoever was erased since. */
export function replayDeps(documents: Documents, keys: Keys): ReplayDeps {
  return { keys, clock, tombstones: openTombstones({ documents, sha256, newSecret }) }
}

function backupsOf(config: Config): OpenBackupPlace | undefined {
  const { backups } = config
  return backups === undefined ? undefined : (destination) => openBackupPlace(config, join(backups, destination), 'a backup job')
}

/** In this process, or where a deployment says. */
function openInference(egress: Egress): Inference {
  const embedded = openOnnxInference()
  const remote = openHttpInference({ egress })
  return { load: (model) => (model.endpoint === undefined ? embedded : remote).load(model) }
}

async function openCache(config: Config, clock: Clock): Promise<Cache & AsyncDisposable> {
  const { cache = 'memory:' } = config
  if (isRedis(config)) return (await import('../adapters/cache/redis.ts')).openRedisCache(cache)
  return { ...openMemoryCache({ clock }), [Symbol.asyncDispose]: async () => undefined }
}

async function openTracer({ traces }: Config): Promise<Tracer & AsyncDisposable> {
  if (traces === undefined) return { ...noTracer, [Symbol.asyncDispose]: async () => undefined }
  return (await import('../adapters/tracer/otlp.ts')).openOtlpTracer({ endpoint: traces, version: packageVersion })
}

async function openNarrator({ narrator = 'template:', narratorKey }: Config): Promise<Narrator> {
  if (schemeOf(narrator) === 'template') return templateNarrator
  const { openLanguageNarrator } = await import('../adapters/narrator/language-model.ts')
  return openLanguageNarrator(narrator, narratorKey === undefined ? {} : { key: narratorKey })
}

async function openWarehouse(url: string): Promise<Warehouse & AsyncDisposable> {
  if (url === 'none') return (await import('../adapters/warehouse/none.ts')).openNoWarehouse()
  if (schemeOf(url) === 'sqlite') return (await import('../adapters/warehouse/sqlite.ts')).openSqliteWarehouse(url)
  return (await import('../adapters/warehouse/postgres.ts')).openPostgresWarehouse(url)
}

/** As the documents where those are SQL. */
export function warehouseOf(config: Config): string {
  const { documents } = storesOf(config)
  const besides = join(config.data, 'warehouse.db')
  const { warehouse } = config
  if (warehouse !== undefined) return warehouse === 'sqlite:' ? `sqlite:${besides}` : warehouse
  const byScheme: Readonly<Record<string, string>> = { sqlite: `sqlite:${besides}`, firestore: 'none' }
  return byScheme[schemeOf(documents)] ?? documents
}
