import type { ModelCard, ModelEvaluation, ModelRollout } from '../model/model-card.ts'
import { nothingThere } from '../model/nothing-there.ts'
import { Problem } from '../model/problem.ts'
import { formatInstant } from '../model/time.ts'
import type { Stored, Write } from '../ports/documents.ts'
import { type LoadDeps, loadVersion } from './load-model.ts'
import { type RegistryDeps, requireCard } from './model-registry.ts'
import { type Deployed, deploymentsOf, lastEvaluation, requireStager } from './model-versions.ts'
import { putVersioned } from './versions.ts'

export type ActivateDeps = RegistryDeps & LoadDeps

export interface Activation {
  readonly name: string
  readonly version: string
  readonly deploymentId: string
  readonly by: string
}

/**
 * Lets a version stage nights from now on, where its last deployment says. It must be trained, load with its checksum, have been measured,
 * and, where another is active, have run beside that one. Throws `Problem`: `not_found`, `model_unavailable`, `conflict` for what is still
 * to be done, `precondition_failed` where the card changed meanwhile, and what loading throws.
 */
export async function activateVersion(deps: ActivateDeps, { name, version, deploymentId, by }: Activation): Promise<ModelRollout> {
  const cardVersion = await requireCard(deps, name)
  const found = await requireStager(deps, name, version)
  const measured = await lastEvaluation(deps, name, version)
  if (measured === undefined) throw new Problem('conflict', `${name} ${version} was not measured yet: run models evaluate.`)
  const deployments = await deploymentsOf(deps, name)
  const active = deployments.find(({ rollout }) => rollout.status === 'active')
  if (active?.rollout.version === version) throw new Problem('conflict', `${name} ${version} is active already.`)
  const own = deployments.findLast(({ rollout }) => rollout.version === version)
  if (active !== undefined) requireShadow(own, active.rollout.version)
  const { shadow, endpoint, resourceRequirements, scalingConfig } = own?.rollout ?? {}
  await (await loadVersion(deps, name, found, { endpoint }))[Symbol.asyncDispose]()
  const rollout: ModelRollout = {
    version,
    status: 'active',
    deployedAt: formatInstant(deps.clock.nowMs()),
    deployedBy: by,
    ...(endpoint !== undefined && { endpoint }),
    ...(resourceRequirements !== undefined && { resourceRequirements }),
    ...(scalingConfig !== undefined && { scalingConfig }),
    ...(active !== undefined && { replaces: active.deploymentId }),
    ...(shadow !== undefined && { shadow }),
  }
  const ended = deployments.filter(
    ({ rollout: each }) => each.status === 'active' || (each.status === 'testing' && each.version === version),
  )
  await putActive(deps, { name, cardVersion }, { deploymentId, rollout }, ended, measured)
  return rollout
}

function requireShadow(own: Deployed | undefined, active: string): void {
  const { shadow } = own?.rollout ?? {}
  if (shadow === undefined || shadow.nights === 0 || shadow.beside !== active)
    throw new Problem('conflict', `It did not run beside the active version ${active} yet: deploy it as testing, and let it stage nights.`)
}

/** Lets the version before the active one stage nights again. Throws `Problem`: `not_found`, `conflict` where there was none before, and what loading throws. */
export async function rollBack(deps: ActivateDeps, name: string): Promise<Deployed> {
  const cardVersion = await requireCard(deps, name)
  const deployments = await deploymentsOf(deps, name)
  const active = deployments.find(({ rollout }) => rollout.status === 'active')
  const before = deployments.find(({ deploymentId }) => deploymentId === active?.rollout.replaces)
  if (active === undefined || before === undefined) throw new Problem('conflict', `${name} has no version before the active one.`)
  const version = await requireStager(deps, name, before.rollout.version)
  await (await loadVersion(deps, name, version, before.rollout))[Symbol.asyncDispose]()
  const again = { ...before, rollout: { ...before.rollout, status: 'active' as const } }
  await putActive(deps, { name, cardVersion }, again, [active], await lastEvaluation(deps, name, version.version))
  return again
}

/** The card says what is active, and changes with it: of two at once one is refused. */
async function putActive(
  { documents }: ActivateDeps,
  { name, cardVersion }: { readonly name: string; readonly cardVersion: number },
  { deploymentId, rollout }: Deployed,
  ended: readonly Deployed[],
  measured: ModelEvaluation | undefined,
): Promise<void> {
  const writes: Write[] = [
    { op: 'put', path: `models/${name}/deployments/${deploymentId}`, body: rollout },
    ...ended.map((each): Write => {
      const body = { ...each.rollout, status: 'inactive' }
      return { op: 'put', path: `models/${name}/deployments/${each.deploymentId}`, body }
    }),
  ]
  const change = (stored: Stored<ModelCard> | undefined) => {
    if (stored === undefined) throw nothingThere()
    return { body: cardOf(stored.body, rollout, measured), also: writes }
  }
  await putVersioned(documents, `models/${name}`, change, cardVersion)
}

function cardOf(
  card: ModelCard,
  { version, endpoint, resourceRequirements, scalingConfig }: ModelRollout,
  measured?: ModelEvaluation,
): ModelCard {
  const { accuracy, precision, recall, f1Score, lastEvaluated } = measured ?? {}
  const performance = measured && {
    ...(accuracy !== undefined && { accuracy }),
    ...(precision !== undefined && { precision }),
    ...(recall !== undefined && { recall }),
    ...(f1Score !== undefined && { f1Score }),
    ...(lastEvaluated !== undefined && { lastEvaluated }),
  }
  const deployment = {
    status: 'active' as const,
    ...(endpoint !== undefined && { endpoint }),
    ...(resourceRequirements !== undefined && { resourceRequirements }),
    ...(scalingConfig !== undefined && { scalingConfig }),
  }
  return { ...card, modelInfo: { ...card.modelInfo, version }, deployment, ...(performance && { performance }) }
}
