import { activateVersion, rollBack } from '../../flows/activate-model.ts'
import { addModel } from '../../flows/add-model.ts'
import { all } from '../../flows/every.ts'
import { requireCard } from '../../flows/model-registry.ts'
import { deploymentsOf, lastEvaluation } from '../../flows/model-versions.ts'
import { installShipped } from '../../flows/shipped-models.ts'
import type { ModelCard, ModelEvaluation, ModelVersion } from '../../model/model-card.ts'
import { Problem } from '../../model/problem.ts'
import { openAccounted } from '../accounted-house.ts'
import type { Command, Run } from '../command.ts'
import { type House, openHouse } from '../house.ts'
import { openModelFolder } from '../model-folder.ts'
import { modelNamed } from '../model-name.ts'
import { evaluate } from './models-evaluate.ts'

export const models: Command = {
  summary: 'The registry of models: which there are, how they measure, which stages nights.',
  takesWords: true,
  usage: '(list | show NAME | add FOLDER | evaluate FOLDER [--model NAME@VERSION] | activate NAME@VERSION | rollback NAME)',
  flags: { model: { value: 'NAME@VERSION', help: 'which is evaluated; the active one that measures best without it' } },
  async run(run) {
    const [verb, word, ...more] = run.positionals
    const known = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined
    if (known === undefined || more.length > 0 || (known.word === undefined) !== (word === undefined))
      throw new Problem('wrong_use', `Say models ${this.usage}.`)
    if (run.flags.model !== undefined && verb !== 'evaluate') throw new Problem('wrong_use', '--model goes with models evaluate.')
    await using house = await (known.isChange
      ? openAccounted(run.config, 'clarity models', { action: 'admin' })
      : openHouse(run.config, 'clarity models'))
    await installShipped(house)
    await known.act(house, run, word ?? '')
    return 0
  },
}

interface Verb {
  /** What follows it. */
  readonly word?: string
  /** Of what everybody's nights are staged with. */
  readonly isChange?: true
  readonly act: (house: House, run: Run, word: string) => Promise<void>
}

const verbs: Readonly<Record<string, Verb>> = {
  list: { act: list },
  show: { word: 'NAME', act: show },
  add: { word: 'FOLDER', isChange: true, act: add },
  evaluate: { word: 'FOLDER', act: evaluate },
  activate: { word: 'NAME@VERSION', isChange: true, act: activate },
  rollback: { word: 'NAME', isChange: true, act: rollback },
}

async function list(house: House, run: Run): Promise<void> {
  for (const { body } of await all<ModelCard>(house.documents, { collection: 'models' })) {
    const { name, version, description } = body.modelInfo
    const status = body.deployment?.status ?? 'inactive'
    const kappa = (await lastEvaluation(house, name, version))?.figures?.kappa
    if (run.json) run.out(`${JSON.stringify({ name, version, status, ...(kappa !== undefined && { kappa }), description })}\n`)
    else run.out(`${name} ${version}  ${status}${kappa === undefined ? '' : `, κ ${kappa.toFixed(3)}`}\n`)
  }
}

async function show(house: House, run: Run, name: string): Promise<void> {
  await requireCard(house, name)
  const parent = `models/${name}`
  const [card, versions, evaluations, deployments] = await Promise.all([
    house.documents.get<ModelCard>(parent),
    all<ModelVersion>(house.documents, { collection: 'modelVersions', parent }),
    all<ModelEvaluation>(house.documents, { collection: 'modelPerformance', parent }),
    deploymentsOf(house, name),
  ])
  const shown = {
    ...card?.body,
    versions: versions.map(({ body }) => body),
    evaluations: evaluations.map(({ body }) => body),
    deployments: deployments.map(({ deploymentId, rollout }) => ({ deploymentId, ...rollout })),
  }
  run.out(run.json ? `${JSON.stringify(shown)}\n` : `${JSON.stringify(shown, undefined, 2)}\n`)
}

async function add(house: House, run: Run, path: string): Promise<void> {
  const folder = openModelFolder(path)
  const [card, version, weights] = await Promise.all([folder.card(), folder.version(), folder.weights()])
  const added = await addModel(house, { card, version, weights }, 'clarity models')
  const { name } = card.modelInfo
  run.out(run.json ? `${JSON.stringify({ name, ...added })}\n` : `Added ${name} ${added.version}.\n`)
}

async function activate(house: House, run: Run, word: string): Promise<void> {
  const { name, version } = modelNamed(word)
  const rollout = await activateVersion(house, { name, version, deploymentId: house.newId(), by: 'clarity models' })
  run.out(run.json ? `${JSON.stringify({ name, ...rollout })}\n` : `${name} ${version} stages nights from now on.\n`)
}

async function rollback(house: House, run: Run, name: string): Promise<void> {
  const { rollout } = await rollBack(house, name)
  run.out(run.json ? `${JSON.stringify({ name, ...rollout })}\n` : `${name} ${rollout.version} stages nights again.\n`)
}
