import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openOnnxInference } from '../../src/adapters/inference/onnx.ts'
import { nightFeatureNames } from '../../src/analysis/night-features.ts'
import { codeOf, inferenceContract, shippedToLoad, shippedWeights } from './inference.ts'

const inference = openOnnxInference()
const root = join(import.meta.dirname, '../..')

inferenceContract('onnx', async () => ({ inference, model: shippedToLoad(), remove: async () => undefined }))

test('weights of another checksum are refused before the runtime sees them', async () => {
  const changed = Uint8Array.from(shippedWeights)
  changed[1000] = (changed[1000] as number) ^ 1
  expect(await codeOf(inference.load({ ...shippedToLoad(), weights: async () => changed }))).toBe('storage_corrupt')
  expect(await codeOf(inference.load({ ...shippedToLoad(), sha256: '0'.repeat(64) }))).toBe('storage_corrupt')
})

test('bytes that are no model are refused, whatever their checksum', async () => {
  const weights = new TextEncoder().encode('no model at all')
  const sha256 = createHash('sha256').update(weights).digest('hex')
  expect(await codeOf(inference.load({ name: 'x', version: '1', weights: async () => weights, sha256 }))).toBe('model_unavailable')
})

test('the runtime is loaded by the first model and not before', () => {
  const file = join(import.meta.dirname, '../../src/adapters/inference/onnx.ts')
  const script = `
    const { openOnnxInference } = await import(${JSON.stringify(file)})
    openOnnxInference()
    console.log(process.report.getReport().sharedObjects.filter((name) => name.includes('onnxruntime')).length)`
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  expect(stdout.trim(), stderr).toBe('0')
})

test('the runtime leaves nothing on the disk, and knows no address to report to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-runtime-'))
  try {
    const script = `
      const { openOnnxInference } = await import(${JSON.stringify(join(root, 'src/adapters/inference/onnx.ts'))})
      const { shippedModels } = await import(${JSON.stringify(join(root, 'src/app/shipped-models.ts'))})
      const [{ version, weights }] = await shippedModels()
      await using model = await openOnnxInference().load({ name: 'x', version: '1', weights, sha256: version.weights.sha256 })
      await model.run([{ rows: 100, columns: ${nightFeatureNames.length}, values: new Float32Array(${100 * nightFeatureNames.length}) }])
      console.log(process.report.getReport().sharedObjects.find((name) => name.includes('libonnxruntime')))`
    const env = { PATH: process.env.PATH, TMPDIR: folder, HOME: folder }
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env, cwd: folder })
    const library = stdout.trim()
    expect(library, stderr).toContain('onnxruntime')
    expect(readdirSync(folder, { recursive: true })).toEqual([])
    expect(readFileSync(library).includes('events.data.microsoft.com')).toBe(false)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
