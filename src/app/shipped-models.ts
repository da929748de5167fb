import { join } from 'node:path'
import type { ShippedModel } from '../flows/shipped-models.ts'
import { openModelFolder } from './model-folder.ts'

/** Folders of `models`. */
const names = ['actigraphy_transformer']

export async function shippedModels(): Promise<readonly ShippedModel[]> {
  return Promise.all(
    names.map(async (name) => {
      const folder = shippedFolder(name)
      const [card, version, { performance }] = await Promise.all([folder.card(), folder.version(), folder.evaluation()])
      return { card, version, evaluation: performance, weights: folder.weights }
    }),
  )
}

/** What training left of a model that comes with the program. */
export function shippedFolder(name: string) {
  return openModelFolder(join(import.meta.dirname, '../../models', name))
}

export function isShipped(name: string): boolean {
  return names.includes(name)
}
