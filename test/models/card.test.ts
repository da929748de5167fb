import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stageFigures } from '../../src/analysis/stage-figures.ts'
import { readScoredNights } from '../../src/app/scored-nights.ts'
import { shippedFolder } from '../../src/app/shipped-models.ts'
import { evaluateModel, evaluateRule } from '../../src/flows/evaluate-model.ts'
import { temporaryHouse } from '../golden/people.ts'

const folder = shippedFolder('actigraphy_transformer')
const scored = join(process.env.CLARITY_REAL_DATA ?? resolve(import.meta.dirname, '../../../shared/data'), 'sleep-accel')
const isThere = existsSync(scored)

describe('the shipped model', () => {
  test('has the weights of its checksum, of at most 5 MB, and a card of the same version', async () => {
    const [card, version, weights] = await Promise.all([folder.card(), folder.version(), folder.weights()])
    expect(createHash('sha256').update(weights).digest('hex')).toBe(version.weights.sha256)
    expect([weights.length, version.version]).toEqual([version.weights.length, card.modelInfo.version])
    expect(weights.length).toBeLessThan(5_000_000)
    expect(version.heads).toEqual({ sleep_stage: 'trained' })
  })

  test('says in its card what was evaluated, better than what it is compared with', async () => {
    const [card, { performance, methods }] = await Promise.all([folder.card(), folder.evaluation()])
    const { accuracy, precision, recall, f1Score, lastEvaluated } = performance
    expect(card.performance).toEqual({ accuracy, precision, recall, f1Score, lastEvaluated })
    const kappaOf = (method: string) => methods.find((each) => each.method === method)?.figures.kappa ?? Number.NaN
    const kappa = performance.figures?.kappa ?? Number.NaN
    for (const baseline of ['boosted_trees', 'logistic_regression']) expect(kappa, baseline).toBeGreaterThan(kappaOf(baseline))
    expect(kappa - kappaOf('actigraphy_transformer, half of the heart rate at random')).toBeLessThan(0.08)
  })

  test('is documented with the figures of its evaluation', async () => {
    const page = readFileSync(join(import.meta.dirname, '../../models/README.md'), 'utf8')
    const { performance, methods } = await folder.evaluation()
    const rows = [
      { method: 'actigraphy_transformer', figures: { ...performance.figures, accuracy: performance.accuracy ?? 0 } },
      ...methods,
    ]
    for (const { method, figures } of rows) {
      const told = ['accuracy', 'kappa', 'threeAccuracy', 'wakeKappa'].map((name) => (figures as Record<string, number>)[name]?.toFixed(3))
      expect(page).toContain(`| ${method} | ${told.join(' | ')} |`)
    }
  })
})

describe.skipIf(!isThere)(isThere ? 'on Sleep-Accel' : 'on Sleep-Accel (skipped: CLARITY_REAL_DATA has no sleep-accel)', () => {
  test('the card’s figures are those of the stages that networks told of people they had not seen', async () => {
    const nights = await readScoredNights(scored)
    await using house = await temporaryHouse()
    const [measured, ...more] = await evaluateModel(await house.stagers.ready(), nights, await folder.outOfFold())
    expect(more).toEqual([])
    const { performance } = await folder.evaluation()
    const { figures, people, splits } = measured ?? { figures: stageFigures(new Float64Array(16)) }
    expect([people, splits]).toEqual([25, 5])
    expect(figures.accuracy).toBeCloseTo(performance.accuracy ?? 0, 3)
    expect(figures.macroF1).toBeCloseTo(performance.f1Score ?? 0, 3)
    for (const name of ['kappa', 'threeAccuracy', 'wakeKappa', 'sensitivity', 'specificity'] as const)
      expect(figures[name], name).toBeCloseTo(performance.figures?.[name] ?? 0, 3)
    expect([figures.accuracy >= 0.67, figures.kappa >= 0.46, figures.threeAccuracy >= 0.78, figures.wakeKappa >= 0.52]).toEqual([
      true,
      true,
      true,
      true,
    ])
    expect(measured?.byPerson.deviation).toBeCloseTo(performance.figures?.kappaDeviation ?? 0, 3)
  })

  test('with steps instead of counts sleep and waking are still told better than by Cole–Kripke from the counts', async () => {
    const [rule] = evaluateRule(await readScoredNights(scored), 10)
    // As in the first measurements of these people: 0.883 accurate, κ 0.372 on 31 of them.
    expect(rule?.figures.wakeAccuracy).toBeCloseTo(0.88, 2)
    const { methods } = await folder.evaluation()
    const steps = methods.find(({ method }) => method === 'actigraphy_transformer, steps instead of counts')
    expect(steps?.figures.wakeKappa).toBeGreaterThan(rule?.figures.wakeKappa ?? 1)
  })

  test('the shipped weights stage these nights, which they know, better than networks that do not', async () => {
    const nights = (await readScoredNights(scored)).slice(0, 4)
    await using house = await temporaryHouse()
    const [known] = await evaluateModel(await house.stagers.ready(), nights, new Map())
    const [unknown] = await evaluateModel(await house.stagers.ready(), nights, await folder.outOfFold())
    expect([known?.seen, unknown?.seen]).toEqual(['unseen', 'cross_validated'])
    expect(known?.figures.kappa).toBeGreaterThan(unknown?.figures.kappa ?? 1)
  })
})
