import { wholeBlobs } from '../../adapters/sealed/whole-blobs.ts'
import { type BackupReport, type BackupRequest, makeBackup } from '../../flows/make-backup.ts'
import { examples } from '../../flows/restore-backup.ts'
import { type BackupClass, backupClasses } from '../../model/backup.ts'
import { Problem } from '../../model/problem.ts'
import { accountBeside } from '../accounted-house.ts'
import { openBackupPlace } from '../backup-place.ts'
import type { Command, Flags, Run } from '../command.ts'
import { amount, progressBar } from '../progress.ts'
import { openBlobs, storesOf } from '../stores.ts'

export const backup: Command = {
  summary: 'Copy everything into a folder, while the store is in use; the next time only what is new.',
  usage: '--to DIR [--due | --classes LIST] [--verify]',
  flags: {
    to: { value: 'DIR', help: 'an empty folder, or one that holds an earlier backup' },
    due: { help: 'only what is older than its schedule lets it become' },
    classes: { value: 'LIST', help: `only these, joined by commas: ${backupClasses.join(', ')}` },
    verify: { help: 'read the objects that are there already, and copy anew what is damaged' },
  },
  async run(run) {
    const folder = run.flags.to
    if (folder === undefined) throw new Problem('wrong_use', 'Where to? Say --to DIR.')
    const classes = classesOf(run.flags)
    const report = await backUp(run, folder, classes)
    run.out(run.json ? `${JSON.stringify(spoken(report))}\n` : describe(report))
    return report.lost.length === 0 ? 0 : 1
  },
}

function classesOf({ due, classes }: Flags): BackupRequest['classes'] {
  if (due !== undefined && classes !== undefined) throw new Problem('wrong_use', 'Say --due or --classes, not both.')
  if (classes === undefined) return due === undefined ? undefined : 'due'
  const named = classes.split(',')
  const unknown = named.find((name) => !backupClasses.some((each) => each === name))
  if (unknown === undefined) return backupClasses.filter((name) => named.includes(name))
  throw new Problem('wrong_use', `There is no class ${JSON.stringify(unknown.slice(0, 40))}. There are: ${backupClasses.join(', ')}.`)
}

async function backUp({ config, flags }: Run, folder: string, classes: BackupRequest['classes']): Promise<BackupReport> {
  await using place = await openBackupPlace(config, folder, 'clarity backup')
  await accountBeside(config, 'clarity backup', 'export')
  await using blobs = await openBlobs(storesOf(config).blobs)
  const bar = progressBar(process.stderr, 'copying', 'bytes', Date.now)
  const report = await makeBackup(
    { ...place, blobs: wholeBlobs(blobs), clock: { nowMs: Date.now } },
    { ...(classes !== undefined && { classes }), verify: flags.verify !== undefined, onProgress: bar.update },
  )
  bar.end()
  return report
}

interface Spoken {
  readonly run: number
  readonly createdAt: string
  readonly engine: string
  readonly classes: readonly BackupClass[]
  readonly documents: Readonly<Record<string, number>>
  readonly objects: number
  readonly bytes: number
  readonly copied: BackupReport['copied']
  readonly lost: readonly string[]
}

function spoken({ run, createdAt, engine, classes, collections, objects, copied, lost }: BackupReport): Spoken {
  const documents = Object.fromEntries(Object.entries(collections).map(([name, entry]) => [name, entry.documents]))
  return { run, createdAt, engine, classes, documents, objects: objects.count, bytes: objects.bytes, copied, lost }
}

function describe({ run, classes, collections, objects, copied, lost, wasDamaged }: BackupReport): string {
  const n = (value: number) => value.toLocaleString('en-US')
  const documents = Object.values(collections).reduce((sum, entry) => sum + entry.documents, 0)
  const lines = [
    ...(wasDamaged ? ['The backup that was here was damaged: everything was taken anew.'] : []),
    `Backup ${run}: ${n(documents)} documents, ${n(objects.count)} objects (${amount(objects.bytes, 'bytes')})`,
    `  taken now: ${classes.join(', ')}; copied ${n(copied.objects)} objects (${amount(copied.bytes, 'bytes')})`,
    ...(lost.length > 0 ? [`  LOST: documents name ${n(lost.length)} objects that are gone or damaged: ${examples(lost)}`] : []),
  ]
  return `${lines.join('\n')}\n`
}
