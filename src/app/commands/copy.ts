import { dirname } from 'node:path'
import { wholeBlobs } from '../../adapters/sealed/whole-blobs.ts'
import { lockStore } from '../../adapters/store-lock.ts'
import { type CopyReport, copyStore } from '../../flows/copy-store.ts'
import { examples } from '../../flows/restore-backup.ts'
import { Problem } from '../../model/problem.ts'
import { accountBeside } from '../accounted-house.ts'
import { requireStore } from '../backup-place.ts'
import type { Command, Flags, Run } from '../command.ts'
import { replayDeps } from '../house.ts'
import { openKeysIfThere } from '../open-keys.ts'
import { amount, progressBar } from '../progress.ts'
import { blobsBeside, openBlobs, openDocuments, openSnapshot, type StoreUrls, schemeOf, sqlitePath, withoutSecrets } from '../stores.ts'

export const copy: Command = {
  summary: 'Move to another engine: copy a whole store into an empty one, and check it.',
  usage: '--from URL --to URL [--from-blobs URL] [--to-blobs URL]',
  flags: {
    from: { value: 'URL', help: 'documents, such as sqlite:./data/clarity.db' },
    to: { value: 'URL', help: 'documents, an empty store' },
    'from-blobs': { value: 'URL', help: 'objects; beside a SQLite file unless said' },
    'to-blobs': { value: 'URL', help: 'objects, an empty store; beside a SQLite file unless said' },
  },
  async run(run) {
    const [from, to] = [urlsOf(run.flags, 'from'), urlsOf(run.flags, 'to')]
    if (from.documents === to.documents || from.blobs === to.blobs) throw new Problem('wrong_use', 'Say two stores that share nothing.')
    requireStore(from.documents)
    await accountBeside({ ...run.config, documents: from.documents }, 'clarity copy', 'export')
    const report = await copyBetween(run, from, to)
    run.out(run.json ? `${JSON.stringify(report)}\n` : describe(report))
    return report.lost.length === 0 ? 0 : 1
  },
}

function urlsOf(flags: Flags, side: 'from' | 'to'): StoreUrls {
  const documents = flags[side]
  if (documents === undefined) throw new Problem('wrong_use', `Say --${side} URL.`)
  const blobs = flags[`${side}-blobs`] ?? blobsBeside(documents)
  if (blobs === undefined) throw new Problem('wrong_use', `Where are its objects? Say --${side}-blobs URL.`)
  return { documents, blobs }
}

async function copyBetween({ config }: Run, from: StoreUrls, to: StoreUrls): Promise<CopyReport> {
  await using held = new AsyncDisposableStack()
  if (schemeOf(to.documents) === 'sqlite') held.use(await lockStore(dirname(sqlitePath(to.documents)), { command: 'clarity copy' }))
  const target = {
    documents: held.use(await openDocuments(to.documents, config)),
    blobs: wholeBlobs(held.use(await openBlobs(to.blobs, config))),
  }
  const objects = progressBar(process.stderr, 'copying', 'bytes', Date.now)
  const keys = held.use((await openKeysIfThere(config)) ?? null)
  const report = await copyStore(
    {
      snapshot: () => openSnapshot(from.documents),
      blobs: wholeBlobs(held.use(await openBlobs(from.blobs))),
      to: target,
      source: withoutSecrets(from.documents),
      ...(keys !== null && { replay: replayDeps(target.documents, keys) }),
    },
    objects.update,
  )
  objects.end()
  return report
}

function describe({ documents, objects, bytes, lost }: CopyReport): string {
  const n = (value: number) => value.toLocaleString('en-US')
  const also = lost.length > 0 ? `  LOST: documents name ${n(lost.length)} objects that are gone or damaged: ${examples(lost)}\n` : ''
  return `Copied ${n(documents)} documents and ${n(objects)} objects (${amount(bytes, 'bytes')}), all checked.\n${also}`
}
