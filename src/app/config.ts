import { resolve } from 'node:path'
import { z } from 'zod'
import { Problem } from '../model/problem.ts'

/** Every setting, read once. A bad one stops the start with its name and what it may be. */
const Settings = z.object({
  /** The folder that holds everything. */
  CLARITY_DATA: z.string().min(1, 'a folder').default('./data'),
})

export interface Config {
  /** Absolute. */
  readonly data: string
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const known = Object.keys(Settings.shape)
  const unknown = Object.keys(environment).filter((name) => name.startsWith('CLARITY_') && !known.includes(name) && !FOREIGN.test(name))
  if (unknown.length > 0) throw new Problem('wrong_use', `Unknown setting ${unknown.join(', ')}. Known are: ${known.join(', ')}.`)
  const parsed = Settings.safeParse(environment)
  if (!parsed.success)
    throw new Problem('wrong_use', parsed.error.issues.map((issue) => `${issue.path.join('.')} must be ${issue.message}`).join('; '))
  return { data: resolve(parsed.data.CLARITY_DATA) }
}

/** Read by the tests, not by the product. */
const FOREIGN = /^CLARITY_(?:TEST_|REAL_DATA$|BENCH_)/
