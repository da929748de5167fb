import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { analyseImported } from '../../flows/analyse-imported.ts'
import { type ImportResult, importFile } from '../../flows/import-file.ts'
import type { ImportReport } from '../../model/import.ts'
import { Problem } from '../../model/problem.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import type { Config } from '../config.ts'
import { openFileSource } from '../file-source.ts'
import type { House } from '../house.ts'
import { amount, duration, progressBar } from '../progress.ts'
import type { Remote } from '../remote.ts'
import { carryRows } from './carry-rows.ts'
import { importAt } from './import-remote.ts'
import { requireUserId } from './user-flag.ts'

export const importCommand: Command = {
  summary: 'Import an export: days, nights and insights come out of it.',
  takesWords: true,
  usage: 'FILE… --user ID [--zone IANA] [--dry-run]',
  flags: {
    user: { value: 'ID', help: 'whose data these are; made if new' },
    zone: { value: 'IANA', help: 'where the person lives, such as Europe/Berlin' },
    'dry-run': { help: 'read and judge everything, keep nothing' },
  },
  isRemote: true,
  async run(run) {
    const userId = requireUserId(run)
    if (run.positionals.length === 0) throw new Problem('wrong_use', 'Which file? clarity import FILE… --user ID')
    await using opened = new AsyncDisposableStack()
    const bring = run.remote
      ? bringerAt(run.remote)
      : bringerIn(opened.use(await openAccounted(forDryRun(run), 'clarity import', { action: 'C', userId })))
    for (const file of run.positionals) {
      const report = await bring(run, file, userId)
      run.out(run.json ? `${JSON.stringify(report)}\n` : describe(report))
    }
    return 0
  },
}

type Bring = (run: Run, file: string, userId: string) => Promise<ImportReport>

function bringerIn(house: House): Bring {
  return (...what) => importOne(house, ...what)
}

function bringerAt(remote: Remote): Bring {
  return (...what) => importAt(remote, ...what)
}

/** A dry run where there is no store yet makes none: it works in a folder that goes with it. */
function forDryRun({ flags, config }: Run): Config {
  if (flags['dry-run'] === undefined || existsSync(config.data)) return config
  const folder = mkdtempSync(join(tmpdir(), 'clarity-dry-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  return { ...config, data: folder }
}

/** Imports a file and makes the days and insights that it touches. */
export async function importOne(
  house: House,
  { flags, say }: Pick<Run, 'flags' | 'say'>,
  file: string,
  userId: string,
): Promise<ImportReport> {
  await using source = await openFileSource(file)
  const reading = progressBar(process.stderr, 'reading', 'bytes', house.clock.nowMs)
  const keeping = progressBar(process.stderr, 'keeping', 'records', house.clock.nowMs)
  const dryRun = flags['dry-run'] !== undefined
  const result = await importFile(house, {
    userId,
    fileName: basename(file),
    source,
    ...(flags.zone !== undefined && { zone: flags.zone }),
    dryRun,
    onProgress: ({ stage, done, total }) => (stage === 'reading' ? reading : keeping).update(done, total),
    analyse: async (counting) => {
      for (const bar of [reading, keeping]) bar.end()
      const days = progressBar(process.stderr, 'analysing', 'days', house.clock.nowMs)
      const made = await analyseImported(house, userId, counting, days.update)
      days.end()
      return made
    },
  })
  if (dryRun) for (const bar of [reading, keeping]) bar.end()
  if (result.isNewUser && flags.zone === undefined) say('No --zone: dates follow the time zones that the file names.\n')
  sayWhatIsSpecial(say, result, dryRun)
  if (!dryRun) await carryRows(house, userId, say)
  return result.report
}

function sayWhatIsSpecial(say: Run['say'], { report, isNewUser, sameFileAs }: ImportResult, dryRun: boolean): void {
  if (dryRun) say('Dry run: nothing was kept.\n')
  else if (sameFileAs !== undefined) say(`This file was imported before (${sameFileAs}).\n`)
  if (!dryRun && !isNewUser && report.accepted === 0 && report.quarantined === 0) say('Nothing new: everything in it was here already.\n')
  if (report.problems.some(({ code }) => code === 'xml_truncated'))
    say('The file ends before its end: what stood before the damage was kept. Export again for the rest.\n')
}

function describe(report: ImportReport): string {
  const n = (value: number) => value.toLocaleString('en-US')
  const lines = [
    `${report.file}: ${n(report.received)} records in ${duration(report.seconds)} (${amount(report.bytes, 'bytes')})`,
    `  accepted ${n(report.accepted)} · duplicate ${n(report.duplicate)} · quarantined ${n(report.quarantined)} · rejected ${n(report.rejected)}`,
    report.days > 0
      ? `  ${n(report.sessions)} sessions on ${n(report.days)} days, ${report.firstDate} to ${report.lastDate}; ${n(report.insights)} insights`
      : '  no day changed',
    ...report.problems.map(({ code, count, example }) => `  ${code}: ${n(count)}${example === undefined ? '' : ` (first: ${example})`}`),
  ]
  return `${lines.join('\n')}\n`
}
