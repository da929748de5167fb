import { expect, test } from 'vitest'
import { ModelDeployment, ModelPerformance, ModelRequirements, ModelVersion } from './model-card.ts'

test('measured shares are from 0 to 1', () => {
  for (const field of ['accuracy', 'precision', 'recall', 'f1Score'])
    expect(
      [-0.01, 0, 1, 1.01].map((value) => ModelPerformance.safeParse({ [field]: value }).success),
      field,
    ).toEqual([false, true, true, false])
})

test('least is not above most', () => {
  const samples = (minSamples: number, maxSamples: number) =>
    ModelRequirements.safeParse({ inputFormat: 'time_series_json', minSamples, maxSamples, requiredFields: [] }).success
  expect([samples(100, 10_000), samples(100, 100), samples(101, 100)]).toEqual([true, true, false])
  const scaling = (minInstances: number, maxInstances: number) =>
    ModelDeployment.safeParse({ status: 'active', scalingConfig: { minInstances, maxInstances, targetConcurrency: 1 } }).success
  expect([scaling(0, 1), scaling(1, 1), scaling(2, 1)]).toEqual([true, true, false])
})

test('187: an endpoint speaks http', () => {
  for (const endpoint of ['https://model.example', 'http://localhost:9000/infer'])
    expect(ModelDeployment.safeParse({ status: 'active', endpoint }).success).toBe(true)
  for (const endpoint of ['file:///etc/passwd', 'model.example', ''])
    expect(ModelDeployment.safeParse({ status: 'active', endpoint }).success).toBe(false)
})

test('a version names its weights by checksum and its heads as trained or not', () => {
  const version = {
    version: '2.1.0',
    createdAt: '2024-01-15T10:00:00Z',
    weights: { key: 'models/a.onnx', sha256: '0'.repeat(64), length: 1 },
    trainedOn: [{ name: 'sleep-accel', licence: 'ODC-By 1.0' }],
    heads: { sleep_stage: 'trained', nap: 'untrained' },
  }
  expect(ModelVersion.parse(version)).toEqual(version)
  expect(ModelVersion.safeParse({ ...version, weights: { ...version.weights, sha256: 'abc' } }).success).toBe(false)
  expect(ModelVersion.safeParse({ ...version, heads: { sleep_stage: 'maybe' } }).success).toBe(false)
})
