import { readFile } from 'node:fs/promises'
import { epochSeconds, type Movement, type NightSignals } from '../analysis/night-signals.ts'
import { Problem } from '../model/problem.ts'
import { median } from '../signal/statistics.ts'

const columns = ['t', 'heart_rate', 'activity', 'steps'] as const
type Column = (typeof columns)[number]
type Row = Readonly<Record<Column, number>>

const mostBytes = 64 * 1024 * 1024
/** As for a day's data: what lies outside is no heart rate. */
const plausibleBpm = { from: 30, to: 220 }
const longestSampleS = 300

/** A CSV of one night: header `t,heart_rate,activity,steps`, seconds from its start, an empty cell for what was not measured. */
export async function readNightFile(path: string): Promise<NightSignals> {
  const rows = rowsOf(await textOf(path))
  rows.sort((a, b) => a.t - b.t)
  return nightOf(rows)
}

async function textOf(path: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    if (bytes.length > mostBytes) throw new Problem('body_too_large', `${path} is larger than 64 MiB: that is no single night.`)
    return bytes.toString('utf8')
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new Problem('not_found', `There is no file ${path}.`, { cause })
    throw new Problem('unavailable', `${path} cannot be read.`, { cause })
  }
}

function rowsOf(text: string): Row[] {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const names = header.split(',').map((name) => name.trim())
  if (!names.includes('t') || names.some((name) => !columns.some((each) => each === name)))
    throw new Problem('invalid', `The first line must be ${columns.join()}, or t and some of the others.`)
  return lines.flatMap((line, at) => (line.trim() === '' ? [] : [rowOf(names, line, at + 2)]))
}

function rowOf(names: readonly string[], line: string, number: number): Row {
  const cells = line.split(',')
  const row = { t: Number.NaN, heart_rate: Number.NaN, activity: Number.NaN, steps: Number.NaN }
  names.forEach((name, place) => {
    const cell = cells[place]?.trim() ?? ''
    const value = cell === '' ? Number.NaN : Number(cell)
    if (cell !== '' && !(Number.isFinite(value) && value >= 0))
      throw new Problem('invalid', `Line ${number}: ${name} is no number from 0 on.`)
    row[name as Column] = value
  })
  if (cells.length > names.length || Number.isNaN(row.t))
    throw new Problem('invalid', `Line ${number} has no t, or more cells than the first.`)
  return row
}

function nightOf(rows: readonly Row[]): NightSignals {
  const last = rows.at(-1)
  if (last === undefined) throw new Problem('invalid', 'The file holds no sample.')
  const beats = rows.filter(({ heart_rate }) => heart_rate >= plausibleBpm.from && heart_rate <= plausibleBpm.to)
  const movement = movementOf(rows, 'activity') ?? movementOf(rows, 'steps')
  return {
    epochs: Math.floor(last.t / epochSeconds) + 1,
    heart: { t: Float64Array.from(beats, ({ t }) => t), bpm: Float64Array.from(beats, ({ heart_rate }) => heart_rate) },
    ...(movement && { movement }),
  }
}

function movementOf(rows: readonly Row[], column: 'activity' | 'steps'): Movement | undefined {
  const told = rows.filter((row) => !Number.isNaN(row[column])).map((row) => [row.t, row[column]] as const)
  return movementOfSamples(told, column === 'steps')
}

/**
 * Samples `[t, amount]` by time. Each lasts until the next one, at most as long as samples of the file usually do and never beyond five
 * minutes. Undefined of none.
 */
export function movementOfSamples(samples: readonly (readonly [number, number])[], isSteps: boolean): Movement | undefined {
  if (samples.length === 0) return undefined
  const from = Float64Array.from(samples, ([t]) => t)
  const pauses = from.slice(1).map((t, i) => t - (from[i] as number))
  const usual = Math.min(pauses.length > 0 ? median(pauses) : epochSeconds, longestSampleS)
  const to = from.map((t, i) => t + Math.min(pauses[i] ?? usual, usual))
  return { from, to, amount: Float64Array.from(samples, ([, amount]) => amount), isSteps }
}
