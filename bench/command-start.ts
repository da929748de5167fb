import { readFileSync } from 'node:fs'

/** How `npm run clarity` starts Node: variables of the environment, and flags. */
const { scripts } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
const words: readonly string[] = scripts.clarity.split(' ')
const at = words.indexOf('node')

export const commandVariables = words.slice(0, at)
export const commandFlags = words.slice(at + 1).filter((word) => word.startsWith('--'))
