import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScoredNight } from '../flows/evaluate-model.ts'
import { Problem } from '../model/problem.ts'
import { movementOfSamples } from './night-file.ts'

/** Of the data set's numbers: unscored −1, wake 0, N1 1, N2 2, N3 3, the old S4 4, REM 5; ours are places in `stagingStages`. */
const stageOf: ReadonlyMap<number, number> = new Map([
  [-1, -1],
  [0, 0],
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 2],
  [5, 3],
])

/**
 * A folder as Sleep-Accel has it (Walch 2019, doi 10.13026/hmhs-py35): `{id}_cleaned_hr.out` (`t bpm`), `{id}_cleaned_counts.out`
 * (`t,count`) and `{id}_cleaned_psg.out` (`t stage`, a line an epoch). Throws `Problem`: `not_found`, `invalid`.
 */
export async function readScoredNights(folder: string): Promise<ScoredNight[]> {
  const people = (await filesIn(folder)).flatMap((name) => /^(\w+)_cleaned_psg\.out$/.exec(name)?.[1] ?? []).sort()
  if (people.length === 0) throw new Problem('not_found', `There is no {id}_cleaned_psg.out in ${folder}.`)
  return Promise.all(people.map((person) => readNight(folder, person)))
}

async function filesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR'))
      throw new Problem('not_found', `There is no folder ${folder}.`, { cause })
    throw cause
  }
}

async function readNight(folder: string, person: string): Promise<ScoredNight> {
  const table = (what: string) => readTable(join(folder, `${person}_cleaned_${what}.out`))
  const [scored, heart, counts] = await Promise.all([table('psg'), table('hr'), table('counts')])
  const truth = Int8Array.from(scored, ([, stage]) => stageOf.get(stage) ?? -1)
  const movement = movementOfSamples(counts, false)
  return {
    person,
    truth,
    signals: {
      epochs: truth.length,
      heart: { t: Float64Array.from(heart, ([t]) => t), bpm: Float64Array.from(heart, ([, bpm]) => bpm) },
      ...(movement && { movement }),
    },
  }
}

async function readTable(file: string): Promise<(readonly [number, number])[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '')
  return lines.map((line, at) => {
    const [t = Number.NaN, value = Number.NaN] = line
      .trim()
      .split(/[\s,]+/)
      .map(Number)
    if (!Number.isFinite(t) || !Number.isFinite(value)) throw new Problem('invalid', `Line ${at + 1} of ${file} is not two numbers.`)
    return [t, value] as const
  })
}
