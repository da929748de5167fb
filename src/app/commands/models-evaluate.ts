import { compareWithActive } from '../../flows/compare-models.ts'
import { evaluateModel, evaluateRule, keptFigures, type Measured, type OutOfFold } from '../../flows/evaluate-model.ts'
import { addEvaluation } from '../../flows/model-registry.ts'
import type { ModelEvaluation } from '../../model/model-card.ts'
import { formatInstant } from '../../model/time.ts'
import type { Run } from '../command.ts'
import type { House } from '../house.ts'
import { modelNamed } from '../model-name.ts'
import { readScoredNights } from '../scored-nights.ts'
import { isShipped, shippedFolder } from '../shipped-models.ts'
import { stageTableText } from '../text/stage-table-text.ts'

/** Te Lindert's counts, as Sleep-Accel has them, in ActiGraph's: Cole–Kripke is 0.88 accurate there as in science's first measurements. */
const teLindertScale = 10

/** Measures a version on scored nights, prints the table of its card, and keeps the figures. */
export async function evaluate(house: House, run: Run, folder: string): Promise<void> {
  const nights = await readScoredNights(folder)
  const model = await house.stagers.ready(run.flags.model === undefined ? undefined : modelNamed(run.flags.model))
  const { name, version } = model
  const own = isShipped(name) ? shippedFolder(name) : undefined
  const isOwn = own !== undefined && (await own.version()).weights.sha256 === version.weights.sha256
  const outOfFold: OutOfFold = isOwn ? await own.outOfFold() : new Map()
  const methods = isOwn ? (await own.evaluation()).methods : []
  const measured = await evaluateModel(model, nights, outOfFold)
  const evaluations = await keep(house, name, version.version, measured)
  const shadow = await compareWithActive(house, model, nights)
  const rules = evaluateRule(nights, teLindertScale)
  if (run.json) run.out(`${JSON.stringify({ model: { name, version: version.version }, evaluations, measured, rules, methods, shadow })}\n`)
  else run.out(stageTableText([...measured, ...rules], methods))
}

async function keep(house: House, name: string, version: string, measured: readonly Measured[]): Promise<ModelEvaluation[]> {
  const at = formatInstant(house.clock.nowMs())
  const kept = measured.map((each) => evaluationOf(version, at, each))
  for (const evaluation of kept) await addEvaluation(house, name, house.newId(), evaluation)
  return kept
}

function evaluationOf(version: string, lastEvaluated: string, { seen, people, splits, figures, byPerson }: Measured): ModelEvaluation {
  const said = seen === 'cross_validated' ? `cross-validated by person, ${splits} splits` : 'not trained on'
  return {
    version,
    lastEvaluated,
    dataset: `${people} people, ${said}`,
    ...keptFigures(figures, { kappaByPerson: byPerson.kappa, kappaDeviation: byPerson.deviation, people }),
  }
}
