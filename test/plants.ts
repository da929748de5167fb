/** Something that must not pass, and what must say so. */
interface Plant {
  readonly says: string
  readonly files: Readonly<Record<string, string>>
  readonly caught: readonly {
    readonly tool: 'typescript' | 'biome' | 'knip'
    readonly file: string
    readonly rule: string
    readonly message?: string
  }[]
}

const pureRooms = ['model', 'signal', 'analysis', 'columns', 'ports', 'flows', 'synthetic']

/** Room, module, and the words of the refusal. */
const forbiddenPackages = [
  ['model', 'yauzl', 'zod and no other package'],
  ['model', 'node:fs', 'zod and no other package'],
  ['signal', 'zod', 'takes no packages'],
  ['analysis', 'zod', 'takes no packages'],
  ['ports', 'node:stream', 'takes no packages'],
  ['flows', 'hyparquet', 'takes no packages'],
  ['synthetic', 'node:crypto', 'takes no packages'],
  ['columns', 'yauzl', 'hyparquet and no other package'],
  ['columns', 'node:fs', 'hyparquet and no other package'],
  ['api', 'fastify', 'zod and no other package'],
  ['http', 'pg', 'fastify, prom-client, zod'],
  ['worker', 'zod', 'takes no packages'],
  ['client', 'jose', 'zod and no other package'],
  ['importers', 'zod', 'parsers (yauzl)'],
  ['adapters', 'hyparquet', 'the SDKs listed here'],
] as const

/** The dashboard asks the client; only model, api and client are its own to import. */
const closedToWeb = ['signal', 'analysis', 'columns', 'ports', 'importers', 'synthetic', 'flows', 'http', 'worker', 'adapters', 'app']

/** What would make a pure room's answer depend on the moment or on luck. */
const clocksAndDice = {
  now: 'Date.now()',
  today: 'new Date()',
  random: 'Math.random()',
  temporal: 'Temporal.Now.instant()',
  reference: '[3, 1, 2].map(Math.random)',
}

export const plants: readonly Plant[] = [
  ...pureRooms.flatMap((room): Plant[] => [
    one(
      'a pure room names process',
      `src/${room}/planted-process.ts`,
      'export const planted = process.argv',
      'biome',
      'lint/style/noRestrictedGlobals',
    ),
    one('a pure room writes to the console', `src/${room}/planted-console.ts`, "console.log('x')", 'biome', 'lint/suspicious/noConsole'),
    ...Object.entries(clocksAndDice).map(([name, code]) =>
      one(
        `a pure room calls ${code}`,
        `src/${room}/planted-${name}.ts`,
        `export const planted = ${code}`,
        'biome',
        'plugin',
        'no clock and no dice',
      ),
    ),
  ]),
  ...['signal', 'analysis', 'ports', 'synthetic'].map((room) =>
    one('a pure room has no Node types', `src/${room}/planted-types.ts`, 'export const planted = process.pid', 'typescript', 'TS2591'),
  ),
  one('a pure room has no network', 'src/analysis/planted-fetch.ts', "export const planted = fetch('x')", 'typescript', 'TS2304'),
  ...forbiddenPackages.map(([room, name, message]) =>
    one(
      `${room} imports ${name}`,
      `src/${room}/planted-${name.replace(':', '-')}.ts`,
      `import * as planted from '${name}'\nexport const names = Object.keys(planted)`,
      'biome',
      'lint/style/noRestrictedImports',
      message,
    ),
  ),
  ...closedToWeb.map((room) =>
    one(
      `the dashboard goes into ${room}`,
      `web/src/planted-${room}.ts`,
      `import { plantedRoom } from '../../src/${room}/planted-room.ts'\nexport const planted = plantedRoom`,
      'biome',
      'lint/style/noRestrictedImports',
      'no door there',
    ),
  ),
  one(
    'the dashboard takes a package that is none of its own',
    'web/src/planted-package.ts',
    "import { z } from 'zod'\nexport const planted = z",
    'biome',
    'lint/style/noRestrictedImports',
    'react, echarts and its font',
  ),
  one(
    'the dashboard asks beside the client',
    'web/src/planted-fetch.ts',
    "export const planted = fetch('/v1/users')",
    'biome',
    'lint/style/noRestrictedGlobals',
  ),
  one('the dashboard has no Node types', 'web/src/planted-types.ts', 'export const planted = process.pid', 'typescript', 'TS2591'),
  one(
    'a text that one language lacks',
    'web/src/planted-texts.ts',
    "import { inBoth } from './texts/message.ts'\nexport const planted = inBoth({ a: 'A {word}', b: 'B' }, { a: 'Ein {word}' })",
    'typescript',
    'TS2322',
  ),
  one(
    'a text without its word',
    'web/src/planted-words.ts',
    "import { inBoth } from './texts/message.ts'\nexport const planted = inBoth({ a: 'A {word}' }, { a: 'Ein' })",
    'typescript',
    'TS2322',
  ),
  one(
    'the environment is read outside config',
    'src/app/planted-env.ts',
    'export const planted = process.env.HOME',
    'biome',
    'lint/style/noProcessEnv',
  ),
  one(
    'a deeper file goes through a closed door',
    'src/flows/planted/deep.ts',
    "import { plantedRoom } from '../../signal/planted-room.ts'\nexport const planted = plantedRoom",
    'biome',
    'lint/style/noRestrictedImports',
    'no door to signal',
  ),
  one(
    'an adapter reads the environment',
    'src/adapters/planted-env.ts',
    'export const planted = process.env.HOME',
    'biome',
    'lint/style/noProcessEnv',
  ),
  one('a default export', 'src/model/planted-default.ts', 'export default 1', 'biome', 'lint/style/noDefaultExport'),
  one('an enum', 'src/model/planted-enum.ts', 'export enum Planted { A }', 'biome', 'lint/style/noEnum'),
  one('an enum does not strip', 'src/model/planted-enum-types.ts', 'export enum Planted { A }', 'typescript', 'TS1294'),
  one(
    'a parameter property',
    'src/model/planted-parameter.ts',
    'export class Planted {\n  constructor(readonly a: number) {}\n}',
    'biome',
    'lint/style/noParameterProperties',
  ),
  one(
    'a non-null assertion',
    'src/signal/planted-bang.ts',
    'export const first = (values: number[]): number => values[0]!',
    'biome',
    'lint/style/noNonNullAssertion',
  ),
  one(
    'an unchecked index',
    'src/signal/planted-index.ts',
    'export const first = (values: number[]): number => values[0]',
    'typescript',
    'TS2322',
  ),
  one('any', 'src/signal/planted-any.ts', 'export const same = (value: any) => value', 'biome', 'lint/suspicious/noExplicitAny'),
  one(
    'a promise nobody waits for',
    'src/flows/planted-promise.ts',
    'async function later(): Promise<void> {}\nexport function now(): void {\n  later()\n}',
    'biome',
    'lint/nursery/noFloatingPromises',
  ),
  {
    says: 'an import cycle',
    files: {
      'src/analysis/planted-cycle-one.ts': "import { two } from './planted-cycle-two.ts'\nexport const one = (): number => two()\n",
      'src/analysis/planted-cycle-two.ts': "import { one } from './planted-cycle-one.ts'\nexport const two = (): number => one()\n",
    },
    caught: [
      { tool: 'biome', file: 'src/analysis/planted-cycle-one.ts', rule: 'lint/suspicious/noImportCycles' },
      { tool: 'biome', file: 'src/analysis/planted-cycle-two.ts', rule: 'lint/suspicious/noImportCycles' },
    ],
  },
  one('a barrel file', 'src/model/planted-barrel.ts', "export { Source } from './source.ts'", 'biome', 'lint/performance/noBarrelFile'),
  one('export everything', 'src/model/planted-all.ts', "export * from './source.ts'", 'biome', 'lint/performance/noReExportAll'),
  one('a file name in camel case', 'src/model/plantedName.ts', 'export const planted = 1', 'biome', 'lint/style/useFilenamingConvention'),
  one(
    'a built-in module without node:',
    'src/adapters/planted-protocol.ts',
    "import { readFile } from 'fs/promises'\nexport const planted = readFile",
    'biome',
    'lint/style/useNodejsImportProtocol',
  ),
  one(
    'a function of 61 lines',
    'src/signal/planted-long.ts',
    `export function long(a: number): number {\n${'  a += 1\n'.repeat(61)}  return a\n}`,
    'biome',
    'lint/complexity/noExcessiveLinesPerFunction',
  ),
  one(
    'a function too hard to follow',
    'src/signal/planted-maze.ts',
    `export function maze(a: number): number {\n${'  if (a > 1) for (;;) if (a > 2) return a\n'.repeat(4)}  return a\n}`,
    'biome',
    'lint/complexity/noExcessiveCognitiveComplexity',
  ),
  {
    says: 'an export that nobody imports, beside one that somebody does',
    files: {
      'src/model/planted-exports.ts': 'export const plantedUnused = 1\nexport const plantedUsed = 2\n',
      'test/planted.test.ts': "import { plantedUsed } from '../src/model/planted-exports.ts'\nexport const planted = plantedUsed\n",
    },
    caught: [{ tool: 'knip', file: 'src/model/planted-exports.ts', rule: 'exports plantedUnused' }],
  },
  one(
    'a file that nobody imports',
    'src/analysis/planted-orphan.ts',
    'export const planted = 1',
    'knip',
    'files src/analysis/planted-orphan.ts',
  ),
  one(
    'a package that package.json does not list',
    'test/planted-unlisted.test.ts',
    "import { one } from 'clarity-planted-package'\nexport const planted = one",
    'knip',
    'unlisted clarity-planted-package',
  ),
]

function one(says: string, file: string, text: string, tool: 'typescript' | 'biome' | 'knip', rule: string, message?: string): Plant {
  return { says, files: { [file]: `${text}\n` }, caught: [{ tool, file, rule, ...(message === undefined ? {} : { message }) }] }
}
