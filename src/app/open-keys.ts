import { existsSync } from 'node:fs'
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

/** The same where they must be there: none are made. Throws `Problem('wrong_root_key')`. */
export async function openKeysThere(config: Config): Promise<Keys> {
  const { isNewRoot: _, ...keys } = await openKeys(keysOf(config), { ...config, mayBegin: false })
  return keys
}

/** The same, but for a folder that is not there yet: then there is nobody's key, and none is made. */
export async function openKeysIfThere(config: Config): Promise<Keys | undefined> {
  const { keys } = keysOf(config)
  const isAbsent = keys.startsWith('file:') && !existsSync(keys.slice('file:'.length))
  return isAbsent ? undefined : openKeysHere(config)
}

function warningOf(path: string): string {
  return `A root key was made at ${path}. BACK IT UP NOW, apart from the data and their backups: without it nothing of them can be read, and nobody can make it again.\n`
}
