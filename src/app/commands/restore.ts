import { lockStore } from '../../adapters/store-lock.ts'
import { readManifest } from '../../flows/backup-files.ts'
import { fillWarehouse } from '../../flows/fill-warehouse.ts'
import { refuseOtherKeysThan } from '../../flows/keys-of-store.ts'
import { type RestoreReport, type RestoreStage, restoreBackup } from '../../flows/restore-backup.ts'
import { Problem } from '../../model/problem.ts'
import type { Keys } from '../../ports/keys.ts'
import { openAccounted } from '../accounted-house.ts'
import { openBackupFolder } from '../backup-folder.ts'
import type { Command, Run } from '../command.ts'
import { replayDeps } from '../house.ts'
import { openKeysIfThere, openKeysThere } from '../open-keys.ts'
import { amount, type ProgressBar, progressBar } from '../progress.ts'
import { openBlobs, openDocuments, storesOf } from '../stores.ts'

export const restore: Command = {
  summary: 'Fill an empty store from a backup, of this engine or another, and check it.',
  usage: '--from DIR',
  flags: { from: { value: 'DIR', help: 'the folder of the backup' } },
  async run(run) {
    const folder = run.flags.from
    if (folder === undefined) throw new Problem('wrong_use', 'Where from? Say --from DIR.')
    const report = await restoreFrom(run, folder)
    await fillAnalytics(run)
    const { createdAt, lost } = report.manifest
    const { documents, objects, bytes, erased } = report
    if (run.json) run.out(`${JSON.stringify({ createdAt, documents, objects, bytes, lost, erased })}\n`)
    else run.out(describe(report))
    return lost.length === 0 ? 0 : 1
  },
}

async function restoreFrom({ config }: Run, folder: string): Promise<RestoreReport> {
  await using backup = await openBackupFolder(folder, 'clarity restore', { ...config, mayBegin: false })
  // Before a store is made that would stay empty.
  const manifest = await readManifest(backup)
  await using opened = new AsyncDisposableStack()
  let keys: Keys | undefined
  await refuseOtherKeysThan(backup, manifest, async () => {
    keys = opened.use(await openKeysThere(config))
    return keys
  })
  await using _ = await lockStore(config.data, { command: 'clarity restore' })
  const urls = storesOf(config)
  await using documents = await openDocuments(urls.documents, config)
  await using blobs = await openBlobs(urls.blobs, config)
  const bars = stageBars()
  keys ??= opened.use((await openKeysIfThere(config)) ?? null) ?? undefined
  const onProgress = (stage: RestoreStage, done: number, total: number) => bars[stage].update(done, total)
  const report = await restoreBackup(backup, { documents, blobs }, onProgress, keys && replayDeps(documents, keys))
  for (const bar of Object.values(bars)) bar.end()
  return report
}

/** The warehouse is in no backup: it is made of the days. */
async function fillAnalytics({ config }: Run): Promise<void> {
  await using house = await openAccounted(config, 'clarity restore', { action: 'admin' })
  await fillWarehouse(house)
}

function stageBars(): Record<RestoreStage, ProgressBar> {
  return {
    checking: progressBar(process.stderr, 'checking', 'bytes', Date.now),
    objects: progressBar(process.stderr, 'copying', 'bytes', Date.now),
    documents: progressBar(process.stderr, 'keeping', 'records', Date.now),
  }
}

function describe({ manifest, documents, objects, bytes, erased }: RestoreReport): string {
  const n = (value: number) => value.toLocaleString('en-US')
  const lost = manifest.lost.length > 0 ? `  ${n(manifest.lost.length)} objects were lost before the backup was made.\n` : ''
  const gone = erased > 0 ? `  ${n(erased)} people were erased since: they are not in the store.\n` : ''
  return `Restored the backup of ${manifest.createdAt}: ${n(documents)} documents, ${n(objects)} objects (${amount(bytes, 'bytes')}), all checked.\n${lost}${gone}`
}
