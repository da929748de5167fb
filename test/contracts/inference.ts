import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nightFeatureNames } from '../../src/analysis/night-features.ts'
import type { Problem } from '../../src/model/problem.ts'
import type { Inference, LoadedModel, Matrix, ModelToLoad } from '../../src/ports/inference.ts'
import { goldenNights } from '../fixtures/golden-nights.ts'

const columns = nightFeatureNames.length

export const shippedWeights: Uint8Array = readFileSync(join(import.meta.dirname, '../../models/actigraphy_transformer/weights.onnx'))

/** The shipped version, to be loaded. */
export function shippedToLoad(): ModelToLoad {
  return {
    name: 'actigraphy_transformer',
    version: '1.0.0',
    weights: async () => shippedWeights,
    sha256: createHash('sha256').update(shippedWeights).digest('hex'),
  }
}

export interface OpenedInference {
  readonly inference: Inference
  /** The shipped version, as this adapter finds it. */
  readonly model: ModelToLoad
  remove(): Promise<void>
}

/** What `ports/inference.ts` promises, on the weights that are shipped. */
export function inferenceContract(name: string, open: () => Promise<OpenedInference>): void {
  describe(`${name} keeps the promises of inference`, () => {
    let opened: OpenedInference
    let loaded: LoadedModel
    beforeAll(async () => {
      opened = await open()
      loaded = await opened.inference.load(opened.model)
    })
    afterAll(async () => {
      await loaded[Symbol.asyncDispose]()
      await opened.remove()
    })

    test('features become the probabilities that training saw, row by row', async () => {
      const nights = goldenNights().nights
      const batch = nights.map(
        ({ features }): Matrix => ({ rows: features.length / columns, columns, values: Float32Array.from(features) }),
      )
      const answers = await loaded.run(batch)
      expect(answers).toHaveLength(nights.length)
      for (const [at, { rows, columns: stages, values }] of answers.entries()) {
        const expected = nights[at]?.probabilities ?? []
        expect([rows, stages, values.length]).toEqual([expected.length / 4, 4, expected.length])
        expect(Math.max(...expected.map((each, i) => Math.abs(each - (values[i] as number))))).toBeLessThan(1e-5)
      }
    })

    test('a night has the same answer alone and among others, and none is an answer to none', async () => {
      const [first, second] = [invented(300, 1), invented(101, 2)]
      const together = await loaded.run([first, second])
      expect(await loaded.run([second])).toEqual([together[1]])
      expect(await loaded.run([])).toEqual([])
      for (const { values } of together)
        for (let i = 0; i < values.length; i += 4) expect(sumOf(values.subarray(i, i + 4))).toBeCloseTo(1, 4)
    })

    test('features that are not the model’s are refused, and the model runs on', async () => {
      const wrong = { rows: 100, columns: columns - 1, values: new Float32Array(100 * (columns - 1)) }
      expect(await codeOf(loaded.run([wrong]))).toBe('invalid')
      expect(await loaded.run([invented(10, 3)])).toHaveLength(1)
    })

    test('a model may be disposed twice, and runs no more', async () => {
      const again = await opened.inference.load(opened.model)
      await again[Symbol.asyncDispose]()
      await again[Symbol.asyncDispose]()
      await expect(again.run([invented(10, 4)])).rejects.toThrow('disposed')
    })
  })
}

export async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: Problem) => error.code,
  )
}

export function invented(rows: number, seed: number): Matrix {
  return { rows, columns, values: Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * seed)) }
}

function sumOf(values: Float32Array): number {
  return values.reduce((sum, each) => sum + each, 0)
}
