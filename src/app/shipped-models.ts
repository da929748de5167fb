import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ShippedModel } from '../flows/shipped-models.ts'
import { ModelCard, ModelEvaluation, ModelVersion } from '../model/model-card.ts'

/** The models of the `models` folder: `card.json`, `version.json` and `evaluation.json` beside the weights. */
const names = ['actigraphy_transformer']

const folder = join(import.meta.dirname, '../../models')

export async function shippedModels(): Promise<readonly ShippedModel[]> {
  return Promise.all(names.map(readModel))
}

async function readModel(name: string): Promise<ShippedModel> {
  const json = async (file: string) => JSON.parse(await readFile(join(folder, name, file), 'utf8'))
  return {
    card: ModelCard.parse(await json('card.json')),
    version: ModelVersion.omit({ createdAt: true }).parse(await json('version.json')),
    evaluation: ModelEvaluation.parse((await json('evaluation.json')).performance),
    weights: () => readFile(join(folder, name, 'weights.onnx')),
  }
}
