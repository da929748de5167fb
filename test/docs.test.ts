import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { problemCodes } from '../src/model/problem.ts'
import { HealthProfile, Preferences, UserProfile } from '../src/model/user.ts'
import { pages } from '../tools/docs-pages.ts'
import { doors, rooms } from './doors.ts'

const root = join(import.meta.dirname, '..')
const markdown = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
  (path) => path.endsWith('.md') && /^(\w+\.md$|docs\/)/.test(path.replaceAll('\\', '/')),
)

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

test.each(Object.entries(pages))('%s is what npm run docs makes', (path, page) => {
  expect(read(path)).toBe(page())
})

test.each(problemCodes)('problem code %s is documented', (code) => {
  expect(read('docs/problems.md')).toContain(`| \`${code}\` |`)
})

test.each([UserProfile, HealthProfile, Preferences].flatMap(({ shape }) => Object.keys(shape)))(
  'docs/privacy.md says what %s of a person is for',
  (field) => {
    expect(read('docs/privacy.md')).toMatch(new RegExp(`^\\|[^|]*\`${field}\`[^|]*\\| \\S`, 'm'))
  },
)

const settingsInCode = settingsIn('src/app/config.ts')
const settingsInDocs = settingsIn('docs/settings.md')

test.each(settingsInCode)('setting %s is documented', (name) => {
  expect(settingsInDocs).toContain(name)
})

test.each(settingsInDocs)('documented setting %s exists', (name) => {
  expect(settingsInCode).toContain(name)
})

function settingsIn(path: string): string[] {
  return [...new Set(read(path).match(/\bCLARITY_[A-Z_]+/g))].toSorted()
}

test.each(rooms)('ARCHITECTURE.md shows the doors of %s', (room) => {
  const row = read('ARCHITECTURE.md')
    .split('\n')
    .find((line) => line.startsWith(`| \`${room}\` |`))
  const shown = row?.split('|')[3]?.trim()
  const open: readonly string[] = doors[room]
  if (shown === 'all') expect(open.toSorted()).toEqual(rooms.filter((other) => other !== room).toSorted())
  else expect(shown === '–' ? [] : shown?.split(', ')).toEqual(open)
})

test.each(markdown)('links in %s lead somewhere', (path) => {
  const links = [...read(path).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, target = '']) => target)
  const missing = links.filter((target) => !/^(https?|mailto):/.test(target) && !existsSync(join(root, dirname(path), target)))
  expect(missing).toEqual([])
})

test.each(markdown)('npm scripts named in %s exist', (path) => {
  const { scripts } = JSON.parse(read('package.json'))
  const named = [...read(path).matchAll(/npm run (?:-s )?([a-z]+)/g)].map(([, name]) => name)
  for (const name of named) expect(Object.keys(scripts)).toContain(name)
})
