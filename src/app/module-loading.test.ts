import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/** What a process prints that loads its code as ours do; `asked` has what is looked for in Node's own way. */
function printed(code: string): unknown {
  const loading = new URL('./module-loading.js', import.meta.url).href
  const program = `
import { registerHooks } from 'node:module'
const asked = []
registerHooks({ resolve: (name, context, next) => (asked.push(name), next(name, context)) })
await import('${loading}')
${code}`
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }))
}

test('what our modules import of ours is not looked for, and one that is not there is named', () => {
  const text = new URL('../model/text.ts', import.meta.url).href
  const none = new URL('../model/none.ts', import.meta.url).href
  const code = `
const { idPattern } = await import('${text}')
const { message } = await import('${none}').catch((error) => error)
const found = asked.filter((name) => name === 'zod' || name.endsWith('/problem.ts'))
console.log(JSON.stringify([idPattern.test('a'), found, message.includes('none.ts')]))`
  expect(printed(code)).toEqual([true, ['zod'], true])
})

test('zod is loaded with English alone', () => {
  const zod = import.meta.resolve('zod')
  const code = `
const { locales, z } = await import('${zod}')
console.log(JSON.stringify([Object.keys(locales), z.string().safeParse(1).error.issues[0].message]))`
  expect(printed(code)).toEqual([[], 'Invalid input: expected string, received number'])
})
