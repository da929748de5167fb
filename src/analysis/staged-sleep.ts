import type { Night } from '../model/day.ts'
import type { Source } from '../model/source.ts'
import { type Staging, stagingStages } from '../model/staging.ts'
import { runsOf } from '../signal/runs.ts'
import { rounded } from './frame.ts'
import { recordOfSpans, type SleepRecord } from './sleep-record.ts'
import type { Span } from './sleep-stages.ts'

/** The record of a night that a model staged, from the first epoch asleep to the last; undefined where it saw no sleep. `source` gave the signals. */
export function stagedRecord(staging: Staging, source: Source): SleepRecord | undefined {
  const spans = stagingStages.flatMap((stage, code) =>
    runsOf(
      Uint8Array.from(staging.stage, (each) => (each === code ? 1 : 0)),
      1,
    ).map(({ from, to }): Span => ({ startMs: epochMs(staging, from), endMs: epochMs(staging, to), stage })),
  )
  return recordOfSpans(
    source,
    spans.sort((a, b) => a.startMs - b.startMs),
    true,
  )
}

/** How sure the model is: the mean probability of the stages that it gave, from the first epoch asleep to the last. */
export function confidenceIn({ stage, probability }: Staging): number | undefined {
  const first = stage.findIndex((code) => code > 0)
  const last = stage.findLastIndex((code) => code > 0)
  if (first < 0) return undefined
  let sum = 0
  for (let epoch = first; epoch <= last; epoch++) sum += probability[epoch * stagingStages.length + (stage[epoch] ?? 0)] ?? 0
  return rounded(sum / (last - first + 1), 3)
}

/** What a device said in the middle of each epoch of a staging: places in `stagingStages`, −1 where it told no stage. */
export function deviceStages(staging: Staging, { spans }: Pick<SleepRecord, 'spans'>): Int8Array {
  let at = 0
  return Int8Array.from(staging.stage, (_, epoch) => {
    const middleMs = epochMs(staging, epoch + 0.5)
    while (at < spans.length && (spans[at]?.endMs ?? 0) <= middleMs) at++
    const span = spans[at]
    return span === undefined || span.startMs > middleMs ? -1 : placeOf(span)
  })
}

/**
 * Agreement of a model with a device on the epochs whose middle the device staged: the share of equal epochs, and Cohen's κ (Cohen 1960,
 * Educ Psychol Meas 20:37). Undefined where they share no epoch; κ is absent where both say one and the same stage throughout.
 */
export function agreementOf(staging: Staging, record: Pick<SleepRecord, 'spans'>): Night['agreement'] {
  const size = stagingStages.length
  const table = new Float64Array(size * size)
  let epochs = 0
  deviceStages(staging, record).forEach((device, epoch) => {
    if (device < 0) return
    const pair = device * size + (staging.stage[epoch] as number)
    table[pair] = (table[pair] ?? 0) + 1
    epochs++
  })
  if (epochs === 0) return undefined
  const { share, kappa } = agreementIn(table, size)
  return {
    model: staging.model.name,
    version: staging.model.version,
    epochs,
    accuracy: rounded(share, 4),
    ...(Number.isFinite(kappa) && { kappa: rounded(kappa, 4) }),
  }
}

/** −1 for sleep without a stage. */
function placeOf({ stage }: Span): number {
  return stage === 'unspecified' ? -1 : stagingStages.indexOf(stage)
}

/** Of a square table of counts, row by row. κ is NaN where chance alone would agree. */
export function agreementIn(table: Float64Array, size: number): { readonly share: number; readonly kappa: number } {
  const total = table.reduce((sum, count) => sum + count, 0)
  let same = 0
  let chance = 0
  for (let i = 0; i < size; i++) {
    let row = 0
    let column = 0
    for (let j = 0; j < size; j++) {
      row += table[i * size + j] ?? 0
      column += table[j * size + i] ?? 0
    }
    same += (table[i * size + i] ?? 0) / total
    chance += (row / total) * (column / total)
  }
  return { share: same, kappa: chance === 1 ? Number.NaN : (same - chance) / (1 - chance) }
}

function epochMs({ startMs, epochSeconds }: Staging, epoch: number): number {
  return startMs + epoch * epochSeconds * 1000
}
