import type { FlagCode, QuarantineCode } from '../../model/marks.ts'
import type { MetricRow } from '../../model/metric-row.ts'
import { metrics } from '../../model/metrics.ts'
import { WORKOUT } from './elements.ts'
import type { Kind } from './vocabulary.ts'

/** How the samples of a kind are read: looked up once a kind, not once a sample. */
export interface KindReader {
  readonly type: string
  readonly metric: string | null
  readonly unit: string | null
  /** The file's unit, where it is not ours. */
  readonly rawUnit: string | null
  readonly converts: boolean
  readonly factor: number
  readonly offset: number
  readonly min: number
  readonly max: number
  readonly outOfRange: QuarantineCode
  /** Set where no sample of this kind can count. */
  readonly quarantine: QuarantineCode | null
  readonly flag: FlagCode | null
  readonly category: boolean
}

export function kindReader(kind: Kind): KindReader {
  const row: MetricRow | null = kind.metric === null ? null : metrics[kind.metric]
  const category = row?.kind === 'category' || /^HKCategoryType|^Workout$|^ActivitySummary$/.test(kind.type)
  const unknownUnit = row !== null && kind.convert === null && !category
  const { factor, offset } = kind.convert ?? { factor: 1, offset: 0 }
  const unit = unitOf(kind, row, unknownUnit)
  return {
    type: kind.type,
    metric: kind.type === WORKOUT ? 'workout' : kind.metric,
    unit,
    rawUnit: kind.unit === unit ? null : kind.unit,
    converts: factor !== 1 || offset !== 0,
    factor,
    offset,
    category,
    quarantine: unknownUnit ? 'unit_unknown' : null,
    flag: row === null && kind.type.startsWith('HK') ? 'unmapped_type' : null,
    ...limits(row),
  }
}

function unitOf(kind: Kind, row: MetricRow | null, unknownUnit: boolean): string | null {
  if (row === null) return kind.type === WORKOUT ? 'min' : kind.unit
  return unknownUnit ? null : row.unit
}

function limits(row: MetricRow | null): Pick<KindReader, 'min' | 'max' | 'outOfRange'> {
  if (row === null) return { min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY, outOfRange: 'out_of_range' }
  return { min: row.plausible[0], max: row.plausible[1], outOfRange: row.outOfRange }
}
