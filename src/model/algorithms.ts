import { z } from 'zod'
import { heartAlgorithms } from './algorithms-heart.ts'
import { movementAlgorithms } from './algorithms-movement.ts'
import { rhythmAlgorithms } from './algorithms-rhythm.ts'
import { sleepAlgorithms } from './algorithms-sleep.ts'
import { trendAlgorithms } from './algorithms-trends.ts'

/** How a figure is made, and what shows that it is made right. */
export const Algorithm = z.object({
  name: z.string(),
  version: z.string(),
  /** What is computed, with its units. */
  definition: z.string(),
  /** Who published it; `our rule` where nobody did. */
  source: z.string(),
  /** What our code was held against, and how near it came. */
  checkedWith: z.string(),
  /** What computes it: `room/file.function`. */
  functions: z.array(z.string()),
})
export type Algorithm = z.infer<typeof Algorithm>

/** What a row says beside its name. */
export type AlgorithmRow = Readonly<Omit<Algorithm, 'functions' | 'name'>> & { readonly functions: readonly string[] }

const table = {
  ...sleepAlgorithms,
  ...heartAlgorithms,
  ...movementAlgorithms,
  ...rhythmAlgorithms,
  ...trendAlgorithms,
} as const satisfies Record<string, AlgorithmRow>

export type AlgorithmName = keyof typeof table

/** Every algorithm behind a figure. A test holds the list complete: an exported function of a formula without a row fails it. */
export const algorithms: readonly Algorithm[] = Object.entries<AlgorithmRow>(table).map(([name, row]) => ({
  name,
  ...row,
  functions: [...row.functions],
}))

/** As a result names it: `sadeh@1.0.0`. */
export function methodOf(name: AlgorithmName): string {
  return methods[name]
}

const methods = Object.fromEntries(algorithms.map(({ name, version }) => [name, `${name}@${version}`])) as Readonly<
  Record<AlgorithmName, string>
>
