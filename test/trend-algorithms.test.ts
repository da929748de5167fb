import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { trendAlgorithms } from '../src/model/algorithms-trends.ts'

const named = Object.values(trendAlgorithms).flatMap(({ functions }) => [...functions])

test.each(named)('%s, which a row names, is a function', async (name) => {
  const [, path = '', exported = ''] = /^([\w-]+\/[\w-]+)\.(\w+)$/.exec(name) ?? []
  const file = `${path.slice(path.indexOf('/') + 1)}.ts`
  expect(readdirSync(join(import.meta.dirname, '../src/signal'))).toContain(file)
  const module: Readonly<Record<string, unknown>> = await import(`../src/signal/${file}`)
  expect(module[exported]).toBeTypeOf('function')
})
