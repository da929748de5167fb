import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { requireZone } from '../../flows/manage-user.ts'
import { Problem } from '../../model/problem.ts'
import { isCalendarDate } from '../../model/time.ts'
import type { Command } from '../command.ts'
import { writeSynthetic } from '../synthetic-file.ts'

const LAST_DATE = '2026-11-15'

export const synth: Command = {
  summary: 'A synthetic person’s Apple Health export, with the truth beside it.',
  usage: '--to FILE [--days N] [--seed N] [--last D] [--zone IANA] [--part first|late|all]',
  flags: {
    to: { value: 'FILE', help: 'export.zip or export.xml; the truth goes to FILE.truth.json' },
    days: { value: 'N', help: 'how many days (60; from 30 on there is a journey)' },
    seed: { value: 'N', help: 'the same seed makes the same bytes (1)' },
    last: { value: 'D', help: `the last date (${LAST_DATE})` },
    zone: { value: 'IANA', help: 'home (America/New_York)' },
    part: { value: 'PART', help: 'first: without the late batch; late: only that; all (all)' },
  },
  async run({ flags, out, json }) {
    const file = flags.to
    if (file === undefined) throw new Problem('wrong_use', 'Where to? Say --to FILE.')
    const part = flags.part ?? 'all'
    if (part !== 'first' && part !== 'late' && part !== 'all') throw new Problem('wrong_use', '--part is first, late or all.')
    const lastDate = flags.last ?? LAST_DATE
    if (!isCalendarDate(lastDate)) throw new Problem('wrong_use', '--last is a date YYYY-MM-DD.')
    const options = {
      seed: whole(flags.seed ?? '1', 'seed'),
      days: whole(flags.days ?? '60', 'days'),
      lastDate,
      part,
      ...(flags.zone !== undefined && { zone: requireZone(flags.zone) }),
    } as const
    if (!existsSync(dirname(file))) throw new Problem('not_found', `There is no folder ${dirname(file)}.`)
    const { bytes, records } = await writeSynthetic(file, options)
    out(
      json
        ? `${JSON.stringify({ file, truth: `${file}.truth.json`, bytes, records, ...options })}\n`
        : `${file}: ${records.toLocaleString('en-US')} records. The truth: ${file}.truth.json\n`,
    )
    return 0
  },
}

function whole(text: string, name: string): number {
  const value = Number(text)
  if (!/^\d{1,9}$/.test(text) || (name === 'days' && (value < 1 || value > 5000)))
    throw new Problem('wrong_use', `--${name} is a whole number${name === 'days' ? ' from 1 to 5000' : ''}.`)
  return value
}
