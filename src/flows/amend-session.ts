import { mergeTables } from '../columns/merge.ts'
import { readSamples } from '../columns/parquet-reader.ts'
import { selectRows, wordAt } from '../columns/select.ts'
import type { HandedSession } from '../model/handed-session.ts'
import { Problem } from '../model/problem.ts'
import { makeTable, type SampleTable, type Words } from '../model/sample-table.ts'
import type { StoredSession } from '../model/session.ts'
import type { Blobs } from '../ports/blobs.ts'
import type { Block } from './session-blocks.ts'
import { sessionFile } from './session-samples.ts'
import { type Gathered, gatherBlocks } from './session-table.ts'

/**
 * An update that names what it removes is one of what is there: its samples join those, less the `deleted`; a total or workout that it says
 * takes the place of the one before. Throws `Problem('invalid')` for a session that was cut into parts.
 */
export async function amend(
  { blobs }: { readonly blobs: Blobs },
  stored: StoredSession,
  { deleted = [] }: HandedSession,
  blocks: readonly Block[],
): Promise<Gathered> {
  if (stored.parts !== undefined)
    throw new Problem('invalid', 'A session that was cut into parts is replaced whole: send it without deleted.')
  const newer = gatherBlocks(blocks)
  const older = stored.samples ? await readSamples(await sessionFile(blobs, stored.samples)) : undefined
  const gone = new Set(deleted)
  const kept = older ? remaining(older, gone, totalsIn(newer.table)) : undefined
  const added = remaining(newer.table, gone, new Set())
  if (!kept || kept.rows === 0) return { ...newer, table: added }
  const { table, added: isNew } = mergeTables(kept, added)
  return { table, duplicates: newer.duplicates + isNew.filter((each) => each === 0).length, unitUnknown: undefined }
}

const totals: ReadonlySet<string> = new Set(['steps', 'distance_walking_running', 'active_energy', 'workout'])

function totalsIn({ words, rows }: SampleTable): Set<string> {
  const said = new Set(Array.from({ length: rows }, (_, row) => words.metric.words[words.metric.codes[row] as number] ?? ''))
  return new Set([...said].filter((metric) => totals.has(metric)))
}

/** Without the samples of these ids, and without those of these metrics that have no id. */
function remaining(table: SampleTable, gone: ReadonlySet<string>, replaced: ReadonlySet<string>): SampleTable {
  const idOf = sampleIds(table.words.metadata)
  const rows: number[] = []
  for (let row = 0; row < table.rows; row++) {
    const id = idOf(row)
    const isGone = id === undefined ? replaced.has(wordAt(table, 'metric', row) ?? '') : gone.has(id)
    if (!isGone) rows.push(row)
  }
  const picked = rows.length === table.rows ? table : selectRows([table], new Uint8Array(rows.length), rows)
  return withTimeFlags(picked)
}

function sampleIds({ codes, words }: Words): (row: number) => string | undefined {
  const ids = words.map((text) => (text.includes('"sampleId"') ? (JSON.parse(text) as { sampleId?: string }).sampleId : undefined))
  return (row) => ids[codes[row] as number]
}

/** Verdicts are given anew; only what was said of a sample's time stays. */
function withTimeFlags(table: SampleTable): SampleTable {
  const stays = table.words.flags.words.map((text) =>
    text
      .split(' ')
      .filter((flag) => /^(?:leap_second|nonexistent_local_time|manual|total)$/.test(flag))
      .join(' '),
  )
  const flags: Words = { codes: table.words.flags.codes.map((code) => (code >= 0 && stays[code] !== '' ? code : -1)), words: stays }
  const none: Words = { codes: new Int32Array(table.rows).fill(-1), words: [] }
  return makeTable(table.rows, {
    words: (name) => (name === 'flags' ? flags : name === 'quarantine' ? none : table.words[name]),
    instants: (name) => table.instants[name],
    numbers: (name) => table.numbers[name],
  })
}
