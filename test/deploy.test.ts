import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../src/app/config.ts'

const root = join(import.meta.dirname, '..')
const files = readdirSync(join(root, 'deploy'))

function read(name: string): string {
  return readFileSync(join(root, 'deploy', name), 'utf8')
}

test.each(files)('every setting that deploy/%s makes is one, with a value that it may have', (file) => {
  const made = [...read(file).matchAll(/\b(CLARITY_[A-Z]+)(?:=|: )(\S+)/g)].map(([, name = '', value = '']) => [
    name,
    value.replaceAll(/\$\{\w+:\?\}/g, 'secret'),
  ])
  expect(() => readConfig(Object.fromEntries(made))).not.toThrow()
})

test('the image runs the server on the locked runtime, which is first on its PATH', () => {
  const image =
    read('Dockerfile')
      .split(/^FROM /m)
      .at(-1) ?? ''
  expect(image).toMatch(/^ENV PATH=\/app\/node_modules\/\.bin:\$PATH$/m)
  expect(image).toMatch(/^ENTRYPOINT \["node", /m)
  expect(existsSync(join(root, 'node_modules', '.bin', 'node'))).toBe(true)
})

test('what the image copies is there, and not kept out of the build', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY ((?:(?!--from)\S+ )+)\S+$/gm)].flatMap(([, paths = '']) => paths.trim().split(' '))
  const kept = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  expect(copied).toEqual(expect.arrayContaining(['package-lock.json', 'src', 'migrations']))
  // What code reads that stands beside `src`.
  const code = globSync('src/{app,adapters}/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'))
  const beside = code.flatMap((text) => [...text.matchAll(/import\.meta\.\w+, '(?:\.\.\/)+([\w.]+)/g)].map(([, folder = '']) => folder))
  expect(beside).toContain('models')
  // Compiled code, which it keeps there.
  for (const path of beside.filter((each) => each !== 'node_modules')) expect(copied).toContain(path)
  for (const path of copied) {
    expect(existsSync(join(root, path)), path).toBe(true)
    expect(kept).toContain(`!${path}`)
  }
})
