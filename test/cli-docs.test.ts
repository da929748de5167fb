import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
const [introduction = '', asking = '', ...parts] = page.split(/^## /m)
const common = `${introduction}${asking}`
const sections = new Map(parts.map((part) => [/^`([\w-]+)`/.exec(part)?.[1] ?? part, part]))

/** The help names each command at the start of a line, indented by two spaces. */
const commands = [...help().matchAll(/^ {2}(?:clarity )?([a-z-]+)\b/gm)].map(([, name = '']) => name)

function help(...command: string[]): string {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(root, 'src/app/cli.js'), ...command, '--help'], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
  return stdout + stderr
}

test('the help names the commands', () => {
  expect(commands).toEqual(expect.arrayContaining(['import', 'insight', 'day', 'users', 'doctor', 'synth']))
})

test('docs/cli.md has the commands that there are', () => {
  expect([...sections.keys()].toSorted()).toEqual(commands.toSorted())
})

test.each(commands)('docs/cli.md says every flag of %s, and no other', (command) => {
  const flagsIn = (text: string) => [...new Set(text.match(/--[a-z][a-z-]*/g))].toSorted()
  const inHelp = flagsIn(help(command))
  const inDocs = flagsIn(sections.get(command) ?? '')
  expect(flagsIn(`${inDocs} ${common}`)).toEqual(expect.arrayContaining(inHelp))
  expect(inHelp).toEqual(expect.arrayContaining(inDocs))
})

test('the installed command starts as npm run clarity does', () => {
  const read = (path: string) => readFileSync(join(import.meta.dirname, '..', path), 'utf8')
  const { scripts } = JSON.parse(read('package.json'))
  expect(read('src/app/cli.js').split('\n')[0]).toBe(`#!/usr/bin/env -S ${scripts.clarity.replace(' src/app/cli.js', '')}`)
})
