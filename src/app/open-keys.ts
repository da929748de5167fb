import { openKeys } from '../adapters/keys/open-keys.ts'
import type { Keys } from '../ports/keys.ts'
import type { Config } from './config.ts'
import { keysOf } from './stores.ts'

/** People's keys where the settings say. Whoever starts it first is told that there is a root key now, and what it is. */
export async function openKeysHere(config: Config): Promise<Keys> {
  const place = keysOf(config)
  const { isNewRoot, ...keys } = await openKeys(place, config)
  if (isNewRoot) process.stderr.write(warningOf(place.rootKey))
  return keys
}

function warningOf(path: string): string {
  return `A root key was made at ${path}. BACK IT UP NOW, apart from the data and their backups: without it nothing of them can be read, and nobody can make it again.\n`
}
