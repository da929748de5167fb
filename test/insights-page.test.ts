import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type Figure, figureNames, figures } from '../src/analysis/figures.ts'
import { medicalWords } from '../src/analysis/narrative.ts'

const page = readFileSync(join(import.meta.dirname, '..', 'docs', 'insights.md'), 'utf8')

test.each(figureNames)('the smallest useful change of %s is documented', (name) => {
  const { metric, usefulChange, unit, scale }: Figure = figures[name]
  const row = page.split('\n').find((line) => line.startsWith(`| \`${metric}\` |`))
  const change = scale === 'ln' ? usefulChange * 100 : unit === 'm' ? usefulChange / 1000 : usefulChange
  expect(row?.split('|')[3]?.replace(',', '').trim()).toMatch(new RegExp(`^${change}( |$)`))
})

test('the words that are never said are documented', () => {
  expect(page).toContain(`: ${medicalWords.join(', ')}.`)
})
