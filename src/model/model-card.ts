import { z } from 'zod'
import { Instant, text } from './text.ts'

const Share = z.number().min(0).max(1)
const Name = text(1, 100)
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

export const ModelInfo = z.object({ name: Name, version: Name, type: Name, framework: Name, description: text(0, 1000).optional() })

/** Measured numbers only. */
export const ModelPerformance = z.object({
  accuracy: Share.optional(),
  precision: Share.optional(),
  recall: Share.optional(),
  f1Score: Share.optional(),
  lastEvaluated: Instant.optional(),
})

export const ModelDeployment = z.object({
  status: z.enum(['active', 'inactive', 'testing', 'retired']),
  /** Absent for a model that runs in process. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  resourceRequirements: z
    .object({ cpu: text(1, 100), memory: text(1, 100), gpu: text(1, 100) })
    .partial()
    .optional(),
  scalingConfig: z
    .object({ minInstances: z.int().min(0), maxInstances: z.int().min(1), targetConcurrency: z.int().min(1) })
    .refine(({ minInstances, maxInstances }) => minInstances <= maxInstances, {
      path: ['minInstances'],
      error: 'More instances at least than at most',
    })
    .optional(),
})

export const ModelRequirements = z
  .object({
    inputFormat: Name,
    /** Epochs of one night; with fewer the fallback algorithm is used and named. */
    minSamples: z.int().min(0),
    maxSamples: z.int().min(1),
    requiredFields: z.array(Name),
    optionalFields: z.array(Name).default([]),
  })
  .refine(({ minSamples, maxSamples }) => minSamples <= maxSamples, { path: ['minSamples'], error: 'More samples at least than at most' })

/** `models/{name}`. */
export const ModelCard = z.object({
  modelInfo: ModelInfo,
  performance: ModelPerformance.optional(),
  deployment: ModelDeployment.optional(),
  dataRequirements: ModelRequirements.optional(),
})
export type ModelCard = z.infer<typeof ModelCard>

/**
 * How stages follow one another, in the order of `stagingStages`: transitions are raised to the power `strength`, and of what the model says
 * of a stage its prior is divided out, to the power `unprior`. What comes of it is raised to the power `temper`, so that it is as sure as it
 * is right.
 */
export const StageChain = z.object({
  prior: z.array(Share).length(4),
  transitions: z.array(z.array(Share).length(4)).length(4),
  strength: Share,
  unprior: z.array(Share).length(4),
  temper: Share,
})
export type StageChain = z.infer<typeof StageChain>

/** `models/{name}/versions/{version}`. An untrained head never produces a result. */
export const ModelVersion = z.object({
  version: Name,
  createdAt: Instant,
  weights: z.object({ key: text(1, 500), sha256: Sha256, length: z.int().min(1) }),
  trainedOn: z.array(z.object({ name: text(1, 200), licence: text(1, 100), doi: text(1, 100).optional() })),
  heads: z.record(z.string(), z.enum(['trained', 'untrained'])),
  dataRequirements: ModelRequirements.optional(),
  /** Smooths what the weights say epoch by epoch. */
  chain: StageChain.optional(),
})
export type ModelVersion = z.infer<typeof ModelVersion>

/** `models/{name}/performance/{evaluationId}`. */
export const ModelEvaluation = ModelPerformance.extend({
  version: Name,
  lastEvaluated: Instant,
  dataset: text(1, 200),
  /** What the stages are held against: nights scored by people, or what devices told, which is no truth; absent: scored. */
  against: z.enum(['scored', 'devices']).optional(),
  figures: z.record(z.string(), z.number()).optional(),
})
export type ModelEvaluation = z.infer<typeof ModelEvaluation>

/** A candidate beside the active version: on how many nights and epochs, and a count for each pair of stages, rows the active one's. */
export const ShadowRun = z.object({
  beside: Name,
  nights: z.int().min(0),
  epochs: z.int().min(0),
  table: z.array(z.int().min(0)).length(16),
  accuracy: Share.optional(),
  kappa: z.number().min(-1).max(1).optional(),
})
export type ShadowRun = z.infer<typeof ShadowRun>

/** `models/{name}/deployments/{deploymentId}`. With an endpoint the version runs there, else in this process. */
export const ModelRollout = z.object({
  version: Name,
  status: ModelDeployment.shape.status,
  deployedAt: Instant,
  deployedBy: text(1, 500),
  endpoint: ModelDeployment.shape.endpoint,
  resourceRequirements: ModelDeployment.shape.resourceRequirements,
  scalingConfig: ModelDeployment.shape.scalingConfig,
  /** The deployment that was active before this one: a rollback makes it so again. */
  replaces: text(1, 128).optional(),
  /** What a version that is tested said beside the active one. */
  shadow: ShadowRun.optional(),
})
export type ModelRollout = z.infer<typeof ModelRollout>
