import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { buildDashboard } from '../../src/app/serve/dashboard.ts'

const built = join(import.meta.dirname, '../../dist/web')
let scripts: ReadonlyMap<string, string>
beforeAll(async () => {
  expect(await buildDashboard()).toBe(undefined)
  const names = readdirSync(join(built, 'assets')).filter((name) => name.endsWith('.js'))
  scripts = new Map(names.map((name) => [name, readFileSync(join(built, 'assets', name), 'utf8')]))
})

function gzipped(names: Iterable<string>): number {
  return [...names].reduce((bytes, name) => bytes + gzipSync(scripts.get(name) ?? '').length, 0)
}

/** The scripts that these need before they run. */
function withNeeded(names: readonly string[]): ReadonlySet<string> {
  const needed = new Set<string>()
  const add = (name: string) => {
    if (needed.has(name)) return
    needed.add(name)
    for (const [, other = ''] of (scripts.get(name) ?? '').matchAll(/(?:\bfrom|\bimport)\s*["'`]\.\/([^"'`]+\.js)["'`]/g)) add(other)
  }
  names.forEach(add)
  return needed
}

test('JavaScript is at most 350 kB gzipped in all', () => {
  expect(gzipped(scripts.keys())).toBeLessThanOrEqual(350_000)
})

test.each(['arriving', 'today', 'my-data', 'operator'])('JavaScript is at most 150 kB gzipped until the page %s is there', (page) => {
  const entry = /src="\/assets\/([^"]+\.js)"/.exec(readFileSync(join(built, 'index.html'), 'utf8'))?.[1] ?? ''
  const own = [...scripts.keys()].filter((name) => name.startsWith(`${page}-`))
  expect(own).toHaveLength(1)
  const needed = withNeeded([entry, ...own])
  expect(needed.size).toBeGreaterThan(2)
  expect(gzipped(needed)).toBeLessThanOrEqual(150_000)
  // Drawings come after the words.
  expect([...needed].filter((name) => name.startsWith('charts-'))).toEqual([])
})

test('the page is made of files of this server and has no script or style in its text', () => {
  const html = readFileSync(join(built, 'index.html'), 'utf8')
  expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/)
  expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/)
  expect([...html.matchAll(/\s(?:src|href)="([^"]+)"/g)].filter(([, path = '']) => !path.startsWith('/assets/'))).toEqual([])
})

test('no schema and no checker of schemas is sent to the browser', () => {
  for (const [name, text] of scripts) expect(text, name).not.toContain('ZodError')
})
