import { createHmac, hash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { LakeManifest } from '../../flows/export-lake.ts'
import { Problem } from '../../model/problem.ts'
import { everyDate } from '../../model/user-analytics.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { Config } from '../config.ts'
import { amount, progressBar } from '../progress.ts'
import { checkedDate } from './dates.ts'

export const lake: Command = {
  summary: 'Days and samples of people who consented to research, as Parquet files for other programs.',
  takesWords: true,
  usage: 'export --to DIR [--from D] [--to-date D] [--shift-dates]',
  flags: {
    to: { value: 'DIR', help: 'an empty folder' },
    from: { value: 'D', help: 'the first date, included' },
    'to-date': { value: 'D', help: 'the last date, included' },
    'shift-dates': { help: 'move each person’s dates by weeks that only the key knows' },
  },
  async run(run) {
    if (run.positionals.join(' ') !== 'export') throw new Problem('wrong_use', 'Say lake export --to DIR.')
    const manifest = await exportTo(run, folderOf(run))
    run.out(run.json ? `${JSON.stringify(manifest)}\n` : describe(manifest))
    return 0
  },
}

function folderOf({ flags, config }: Run): string {
  if (flags.to === undefined) throw new Problem('wrong_use', 'Where to? Say --to DIR.')
  const folder = resolve(flags.to)
  if (`${folder}${sep}`.startsWith(`${config.data}${sep}`))
    throw new Problem('wrong_use', `${flags.to} lies in the data folder: a lake belongs elsewhere.`)
  const names = existsSync(folder) ? readdirSync(folder) : []
  if (names.length > 0) throw new Problem('not_empty', `${flags.to} holds something: ${names.slice(0, 3).join(', ')}.`)
  return folder
}

async function exportTo({ flags, config }: Run, folder: string): Promise<LakeManifest> {
  const { exportLake } = await import('../../flows/export-lake.ts')
  const { openFolderLake } = await import('../../adapters/lake/folder.ts')
  const { from = everyDate.from, 'to-date': to = everyDate.to, 'shift-dates': shift } = flags
  if (checkedDate(from) > checkedDate(to)) throw new Problem('wrong_use', '--from lies after --to-date.')
  await using house = await openAccounted(config, 'clarity lake', { action: 'export' })
  const key = lakeKey(config)
  const bar = progressBar(process.stderr, 'exporting', 'people', Date.now)
  const manifest = await exportLake(
    {
      ...house,
      lake: openFolderLake(folder),
      sha256: (bytes) => hash('sha256', bytes, 'hex'),
      pseudonym: (text) => createHmac('sha256', key).update(text).digest('hex'),
    },
    { from, to, shiftDates: shift !== undefined, onProgress: bar.update },
  )
  bar.end()
  return manifest
}

/** Made once, so that a person has one pseudonym in every export; without the file no pseudonym leads back to anybody. */
function lakeKey({ data }: Config): Buffer {
  const file = join(data, 'lake.key')
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx', flush: true })
  return readFileSync(file)
}

function describe({ people, rows, files }: LakeManifest): string {
  const n = (value: number) => value.toLocaleString('en-US')
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
  return `${n(rows)} rows of ${n(people)} people in ${n(files.length)} files (${amount(bytes, 'bytes')}). Pseudonyms are personal data still.\n`
}
