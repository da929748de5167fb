import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openOnnxInference } from '../../src/adapters/inference/onnx.ts'
import { codeOf, inferenceContract, shippedToLoad, shippedWeights } from './inference.ts'

const inference = openOnnxInference()

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

test('the runtime that a model loads writes nothing of its own, at home or elsewhere', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-runtime-'))
  const room = import.meta.dirname
  const script = `
    const { openOnnxInference } = await import(${JSON.stringify(join(room, '../../src/adapters/inference/onnx.ts'))})
    const { readFileSync } = await import('node:fs')
    const { hash } = await import('node:crypto')
    const weights = readFileSync(${JSON.stringify(join(room, '../../models/actigraphy_transformer/weights.onnx'))})
    const model = { name: 'm', version: '1', weights: async () => weights, sha256: hash('sha256', weights, 'hex') }
    await using loaded = await openOnnxInference().load(model)
    console.log(typeof loaded.run)`
  const env = { PATH: process.env.PATH, HOME: folder, TMPDIR: folder }
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8', env, cwd: folder })
  expect(stdout.trim(), stderr).toBe('function')
  expect(readdirSync(folder)).toEqual([])
  rmSync(folder, { recursive: true })
})
