import { type modelsApi, RolloutReply } from '../../api/models.ts'
import { type ActivateDeps, activateVersion, rollBack } from '../../flows/activate-model.ts'
import { addEvaluation, addRollout, addVersion, putCard, requireCard } from '../../flows/model-registry.ts'
import { inOrder } from '../../model/in-order.ts'
import { ModelCard, type ModelEvaluation, type ModelRollout, ModelVersion } from '../../model/model-card.ts'
import { nothingThere } from '../../model/nothing-there.ts'
import type { Page } from '../../ports/documents.ts'
import type { Handlers } from '../call.ts'
import { type ListCall, listPage } from '../list-page.ts'

export type ModelDeps = ActivateDeps

export const modelsHandlers: Handlers<typeof modelsApi, ModelDeps> = {
  async listModels({ documents }, call) {
    const { data, ...next } = await listPage<ModelCard>(documents, { collection: 'models' }, call)
    return { body: { data: data.map(({ body }) => inOrder(ModelCard, body)), ...next } }
  },
  async getModel({ documents }, { params }) {
    const found = await documents.get<ModelCard>(`models/${params.name}`)
    if (found === undefined) throw nothingThere()
    return { body: inOrder(ModelCard, found.body), version: found.version }
  },
  async putModel(deps, { params, body, ifMatch }) {
    const version = await putCard(deps, params.name, body, ifMatch)
    return { body: inOrder(ModelCard, body), version, ...(version === 1 && { status: 201, location: `/v1/models/${params.name}` }) }
  },
  async listModelVersions(deps, call) {
    const { data, ...next } = await pageBelow<ModelVersion>(deps, 'modelVersions', call)
    return { body: { data: data.map(({ body }) => inOrder(ModelVersion, body)), ...next } }
  },
  async addModelVersion(deps, { params, body }) {
    const { version, isNew } = await addVersion(deps, params.name, body)
    const location = `/v1/models/${params.name}/versions/${version.version}`
    return { body: inOrder(ModelVersion, version), location, ...(!isNew && { status: 200 }) }
  },
  async getModelVersion({ documents }, { params }) {
    const found = await documents.get<ModelVersion>(`models/${params.name}/versions/${params.version}`)
    if (found === undefined) throw nothingThere()
    return { body: inOrder(ModelVersion, found.body), version: found.version }
  },
  async activateModelVersion(deps, { params, callId, principal }) {
    const asked = { ...params, deploymentId: callId, by: principal.credential }
    return { body: inOrder(RolloutReply, { ...(await activateVersion(deps, asked)), deploymentId: callId }) }
  },
  async rollBackModel(deps, { params }) {
    const { deploymentId, rollout } = await rollBack(deps, params.name)
    return { body: inOrder(RolloutReply, { ...rollout, deploymentId }) }
  },
  async listModelPerformance(deps, call) {
    const { data, ...next } = await pageBelow<ModelEvaluation>(deps, 'modelPerformance', call)
    return { body: { data: data.map(({ path, body }) => ({ ...body, evaluationId: lastOf(path) })), ...next } }
  },
  async addModelPerformance(deps, { params, body, callId }) {
    await addEvaluation(deps, params.name, callId, body)
    return { body: { ...body, evaluationId: callId } }
  },
  async listModelDeployments(deps, call) {
    const { data, ...next } = await pageBelow<ModelRollout>(deps, 'modelDeployments', call)
    return { body: { data: data.map(({ path, body }) => ({ ...body, deploymentId: lastOf(path) })), ...next } }
  },
  async addModelDeployment(deps, { params, body, callId, principal }) {
    const rollout = await addRollout(deps, params.name, { ...body, deploymentId: callId, by: principal.credential })
    return { body: { ...rollout, deploymentId: callId } }
  },
}

async function pageBelow<T>(
  deps: ModelDeps,
  collection: string,
  call: ListCall & { readonly params: { readonly name: string } },
): Promise<Page<T>> {
  await requireCard(deps, call.params.name)
  return listPage<T>(deps.documents, { collection, parent: `models/${call.params.name}` }, call)
}

function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
