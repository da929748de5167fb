import type { Measured } from '../../flows/evaluate-model.ts'
import { stagingStages } from '../../model/staging.ts'

type Row = readonly string[]

const head: Row = [
  'method',
  'people',
  '4: acc',
  'κ',
  'κ by person',
  'F1',
  ...stagingStages.map((stage) => stage),
  '3: acc',
  '2: acc',
  'sens',
  'spec',
  'κ',
]

interface Other {
  readonly method: string
  readonly figures: Readonly<Record<string, number>>
}

/** Four stages (accuracy, Cohen's κ, by person with its deviation, macro F1, recall of each), three, and sleep against waking. */
export function stageTableText(measured: readonly Measured[], others: readonly Other[]): string {
  const rows = [head, ...measured.map(rowOf), ...others.map(otherRow)]
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  const lines = rows.map((row) =>
    row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  '),
  )
  const notes = measured.some(({ seen }) => seen === 'cross_validated')
    ? ['', 'Cross-validated: people whom the version was fitted to are told by networks that had not seen them; the mean of all splits.']
    : []
  return `${[...lines, ...notes].join('\n')}\n`
}

function rowOf({ method, people, seen, splits, figures, byPerson }: Measured): Row {
  const isRule = method === 'cole_kripke'
  const four = [
    shown(figures.accuracy),
    shown(figures.kappa),
    `${shown(byPerson.kappa)} ± ${shown(byPerson.deviation)}`,
    shown(figures.macroF1),
    ...figures.perStage.map(({ recall }) => shown(recall)),
    shown(figures.threeAccuracy),
  ]
  return [
    seen === 'cross_validated' ? `${method} (cross-validated, ${splits} splits)` : method,
    String(people),
    ...(isRule ? four.map(() => '–') : four),
    shown(figures.wakeAccuracy),
    shown(figures.sensitivity),
    shown(figures.specificity),
    shown(figures.wakeKappa),
  ]
}

function otherRow({ method, figures }: Other): Row {
  const cell = (figure: string) => (figures[figure] === undefined ? '–' : shown(figures[figure]))
  const deviation = figures.kappaDeviation === undefined ? '' : ` ± ${shown(figures.kappaDeviation)}`
  return [
    method,
    figures.people === undefined ? '–' : String(figures.people),
    cell('accuracy'),
    cell('kappa'),
    `${cell('kappaByPerson')}${deviation}`,
    cell('macroF1'),
    ...stagingStages.map((stage) => cell(`recall_${stage}`)),
    cell('threeAccuracy'),
    cell('wakeAccuracy'),
    cell('sensitivity'),
    cell('specificity'),
    cell('wakeKappa'),
  ]
}

function shown(value: number): string {
  return value.toFixed(3)
}
