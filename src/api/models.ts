import { z } from 'zod'
import { ModelCard, ModelEvaluation, ModelRollout, ModelVersion } from '../model/model-card.ts'
import { Id } from '../model/text.ts'
import type { Api } from './endpoint.ts'
import { pageOf, pageQuery } from './listing.ts'

const BYTES = 256 * 1024

const Evaluation = ModelEvaluation.extend({ evaluationId: Id })
export const RolloutReply = ModelRollout.extend({ deploymentId: Id })

/** What an operator says of a rollout; when and by whom is the server's word. That a version is active is said by its activation. */
export const RolloutForm = z.strictObject({
  version: ModelRollout.shape.version,
  status: z.enum(['inactive', 'testing', 'retired']),
  endpoint: ModelRollout.shape.endpoint,
  resourceRequirements: ModelRollout.shape.resourceRequirements,
  scalingConfig: ModelRollout.shape.scalingConfig,
})

export const VersionForm = ModelVersion.omit({ createdAt: true }).strict()

const read = { method: 'get', scope: 'models:read', audit: 'none' } as const
const list = { ...read, query: z.object(pageQuery), problems: ['bad_cursor'] } as const
const add = { method: 'post', scope: 'models:write', audit: 'admin' } as const

export const modelsApi = {
  listModels: {
    ...list,
    path: '/v1/models',
    summary: 'The models, by name',
    reply: { type: 'json', status: 200, schema: pageOf(ModelCard) },
  },
  getModel: {
    ...read,
    path: '/v1/models/{name}',
    summary: 'Read a model’s card',
    reply: { type: 'json', status: 200, schema: ModelCard },
    problems: [],
    versioned: 'read',
  },
  putModel: {
    method: 'put',
    path: '/v1/models/{name}',
    summary: 'Write a model’s card: what it is, what it needs, what was measured',
    scope: 'models:write',
    audit: 'admin',
    body: { type: 'json', schema: ModelCard.strict(), maxBytes: BYTES },
    reply: { type: 'json', status: 200, schema: ModelCard },
    problems: ['invalid'],
    versioned: 'may',
  },
  listModelVersions: {
    ...list,
    path: '/v1/models/{name}/versions',
    summary: 'The versions of a model: weights, data they were trained on, heads',
    reply: { type: 'json', status: 200, schema: pageOf(ModelVersion) },
  },
  addModelVersion: {
    ...add,
    path: '/v1/models/{name}/versions',
    summary: 'Add a version; what was added never changes',
    body: { type: 'json', schema: VersionForm, maxBytes: BYTES },
    reply: { type: 'json', status: 201, schema: ModelVersion },
    problems: ['invalid', 'conflict'],
  },
  getModelVersion: {
    ...read,
    path: '/v1/models/{name}/versions/{version}',
    summary: 'Read one version of a model',
    reply: { type: 'json', status: 200, schema: ModelVersion },
    problems: [],
    versioned: 'read',
  },
  activateModelVersion: {
    ...add,
    path: '/v1/models/{name}/versions/{version}/activate',
    summary: 'Let a version stage nights from now on: measured, and compared with the active one in a shadow run',
    reply: { type: 'json', status: 201, schema: RolloutReply },
    problems: ['conflict', 'precondition_failed', 'model_unavailable', 'storage_corrupt', 'address_refused'],
  },
  rollBackModel: {
    ...add,
    path: '/v1/models/{name}/rollback',
    summary: 'Let the version before the active one stage nights again',
    reply: { type: 'json', status: 201, schema: RolloutReply },
    problems: ['conflict', 'precondition_failed', 'model_unavailable', 'storage_corrupt', 'address_refused'],
  },
  listModelPerformance: {
    ...list,
    path: '/v1/models/{name}/performance',
    summary: 'What was measured of a model’s versions',
    reply: { type: 'json', status: 200, schema: pageOf(Evaluation) },
  },
  addModelPerformance: {
    ...add,
    path: '/v1/models/{name}/performance',
    summary: 'Add what was measured of a version',
    body: { type: 'json', schema: ModelEvaluation.strict(), maxBytes: BYTES },
    reply: { type: 'json', status: 201, schema: Evaluation },
    problems: ['invalid', 'model_unavailable'],
  },
  listModelDeployments: {
    ...list,
    path: '/v1/models/{name}/deployments',
    summary: 'Where versions of a model were put to use, and by whom',
    reply: { type: 'json', status: 200, schema: pageOf(RolloutReply) },
  },
  addModelDeployment: {
    ...add,
    path: '/v1/models/{name}/deployments',
    summary: 'Say that a version is tested, set aside or retired',
    body: { type: 'json', schema: RolloutForm, maxBytes: BYTES },
    reply: { type: 'json', status: 201, schema: RolloutReply },
    problems: ['invalid', 'model_unavailable'],
    examples: { body: { version: '2.1.0', status: 'testing' } },
  },
} as const satisfies Api
