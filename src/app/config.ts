import { resolve } from 'node:path'
import { z } from 'zod'
import { type Failpoint, failpointsOf } from '../adapters/failpoints.ts'
import { Problem } from '../model/problem.ts'

/** Every setting, read once. A bad one stops the start with its name and what it may be. */
const Settings = z.object({
  /** The folder that holds everything. */
  CLARITY_DATA: z.string().min(1, 'a folder').default('./data'),
  /** Where tests stop the stores: `NAME:kill|throw|delay(MS)[@N],…`. */
  CLARITY_FAILPOINTS: z.string().optional(),
})

export interface Config {
  /** Absolute. */
  readonly data: string
  readonly failpoint?: (name: Failpoint) => void
}

export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const known = Object.keys(Settings.shape)
  const unknown = Object.keys(environment).filter((name) => name.startsWith('CLARITY_') && !known.includes(name) && !FOREIGN.test(name))
  if (unknown.length > 0) throw new Problem('wrong_use', `Unknown setting ${unknown.join(', ')}. Known are: ${known.join(', ')}.`)
  const parsed = Settings.safeParse(environment)
  if (!parsed.success)
    throw new Problem('wrong_use', parsed.error.issues.map((issue) => `${issue.path.join('.')} must be ${issue.message}`).join('; '))
  const { CLARITY_DATA, CLARITY_FAILPOINTS } = parsed.data
  if (CLARITY_FAILPOINTS !== undefined && environment.NODE_ENV !== 'test')
    throw new Problem('wrong_use', 'CLARITY_FAILPOINTS stops the stores on purpose: it is for tests, with NODE_ENV=test.')
  return { data: resolve(CLARITY_DATA), ...(CLARITY_FAILPOINTS !== undefined && { failpoint: failpointsOf(CLARITY_FAILPOINTS) }) }
}

/** Read by the tests, not by the product. */
const FOREIGN = /^CLARITY_(?:TEST_|REAL_DATA$|BENCH_)/
