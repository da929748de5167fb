import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { OutOfFold } from '../flows/evaluate-model.ts'
import { ModelCard, ModelEvaluation, ModelVersion } from '../model/model-card.ts'
import { Problem } from '../model/problem.ts'
import { stagingStages } from '../model/staging.ts'

const VersionFile = ModelVersion.omit({ createdAt: true })

/** Figures of other methods on the same nights, as training measured them. */
const EvaluationFile = z.object({
  performance: ModelEvaluation,
  methods: z.array(z.object({ method: z.string(), figures: z.record(z.string(), z.number()) })).default([]),
})

const OutOfFoldFile = z.object({ people: z.array(z.object({ person: z.string(), stages: z.array(z.string()) })) })

/** A model's folder as training writes it: `card.json`, `version.json`, `evaluation.json`, `out-of-fold.json` and `weights.onnx`. */
export function openModelFolder(folder: string) {
  const text = (file: string) => readText(join(folder, file))
  return {
    card: async () => ModelCard.parse(JSON.parse(await text('card.json'))),
    version: async () => VersionFile.parse(JSON.parse(await text('version.json'))),
    evaluation: async () => EvaluationFile.parse(JSON.parse(await text('evaluation.json'))),
    weights: () => readFile(join(folder, 'weights.onnx')),
    async outOfFold(): Promise<OutOfFold> {
      const { people } = OutOfFoldFile.parse(JSON.parse(await text('out-of-fold.json')))
      return new Map(people.map(({ person, stages }) => [person, stages.map(stagesIn)]))
    },
  }
}

/** One digit an epoch. */
function stagesIn(digits: string): Uint8Array {
  return Uint8Array.from(digits, (digit) => {
    if (stagingStages[Number(digit)] === undefined) throw new Problem('invalid', 'Stages are digits from 0 to 3.')
    return Number(digit)
  })
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')
      throw new Problem('not_found', `There is no ${file}.`, { cause })
    throw cause
  }
}
