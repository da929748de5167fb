import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { doors, type Room, rooms } from './doors.ts'
import { type Finding, type HouseCopy, houseCopy, root, type Verdict } from './house-copy.ts'
import { plants } from './plants.ts'

type Tool = 'typescript' | 'biome' | 'knip'
type Verdicts = Record<Tool, Verdict>
let untouched: Verdicts
let planted: Verdicts
const copies: HouseCopy[] = []

beforeAll(async () => {
  const clean = await houseCopy()
  copies.push(clean)
  untouched = await verdicts(clean)
  const spoilt = await houseCopy()
  copies.push(spoilt)
  for (const { files } of plants) for (const [file, text] of Object.entries(files)) await spoilt.plant(file, text)
  for (const room of rooms) {
    await spoilt.plant(`src/${room}/planted-room.ts`, `export const plantedRoom = '${room}'\n`)
    await spoilt.plant(`src/${room}/planted-doors.ts`, importsOf(neighbours(room)))
  }
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  manifest.dependencies.pend = '1.2.0'
  await spoilt.plant('package.json', JSON.stringify(manifest))
  planted = await verdicts(spoilt)
})

afterAll(async () => {
  for (const copy of copies) await copy[Symbol.asyncDispose]()
})

async function verdicts(copy: HouseCopy): Promise<Verdicts> {
  const [typescript, biome, knip] = await Promise.all([copy.typescript(), copy.biome(), copy.knip()])
  return { typescript, biome, knip }
}

function neighbours(room: Room): Room[] {
  return rooms.filter((other) => other !== room)
}

function importsOf(others: readonly Room[]): string {
  const lines = others.map((other) => `import { plantedRoom as ${other} } from '../${other}/planted-room.ts'`)
  return `${lines.join('\n')}\nexport const planted = [${others.join(', ')}]\n`
}

test.each(['typescript', 'biome', 'knip'] as const)('%s finds nothing in the house as it stands', (tool) => {
  expect(untouched[tool].code, untouched[tool].output).toBe(0)
})

test.each(['typescript', 'biome', 'knip'] as const)('%s fails when something is planted', (tool) => {
  expect(planted[tool].code).not.toBe(0)
})

/** TypeScript refuses a room that is no reference; Biome those that come in through a neighbour's references. */
const doorRules = new Set(['TS6307', 'lint/style/noRestrictedImports'])

test.each(rooms)('%s opens exactly its own doors', (room) => {
  const closed = [...planted.typescript.findings, ...planted.biome.findings].filter(
    ({ file, rule }) => file === `src/${room}/planted-doors.ts` && doorRules.has(rule),
  )
  const refused = new Set(closed.map(({ line }) => neighbours(room)[line - 1]))
  const open: readonly string[] = doors[room]
  expect(neighbours(room).filter((other) => !refused.has(other))).toEqual(neighbours(room).filter((other) => open.includes(other)))
})

test('every folder of src is a room that tsc -b checks', async () => {
  const folders = await readdir(join(root, 'src'))
  const { references } = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8'))
  const checked = references.map(({ path }: { path: string }) => path)
  expect(folders.toSorted()).toEqual(rooms.toSorted())
  for (const room of rooms) expect(checked).toContain(`src/${room}`)
})

test.each(plants.flatMap((plant) => plant.caught.map((caught) => ({ says: plant.says, ...caught }))))(
  '$says: $tool says $rule in $file',
  ({ tool, file, rule, message }) => {
    const there = planted[tool].findings.filter((finding) => finding.file === file)
    expect(there.map((finding) => finding.rule)).toContain(rule)
    if (message !== undefined)
      expect(
        there
          .filter((finding) => finding.rule === rule)
          .map(messageOf)
          .join('\n'),
      ).toContain(message)
  },
)

function messageOf({ message }: Finding): string {
  return message
}

test('an unused dependency is found by knip', () => {
  expect(planted.knip.findings).toContainEqual(expect.objectContaining({ file: 'package.json', rule: 'dependencies pend' }))
})
