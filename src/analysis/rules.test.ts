import { expect, test } from 'vitest'
import { cases, days, put, usual, wandering } from '../../test/fixtures/rule-days.ts'
import { unsupportedNumbers } from './evidence.ts'
import { type Figure, type FigureName, figures } from './figures.ts'
import { mentionsMedicine } from './narrative.ts'
import { contradicts, tellAll } from './rule.ts'
import { rules } from './rules.ts'
import { type InsightInput, viewOf } from './view.ts'

function said(input: InsightInput): string[] {
  return tellAll(rules, viewOf(input)).map(({ rule }) => rule.name)
}

for (const [name, figure] of Object.entries(figures) as [FigureName, Figure][]) {
  const { value, unusual } = usual(name)
  const rule = `usual_${figure.metric}`
  test(`${rule} tells what is unusual, and stays silent without the figure`, () => {
    const fires = days((at, each) => put[name](at === 0 ? unusual : value, each))
    expect(said(fires)).toContain(rule)
    expect(tellAll(rules, viewOf(fires)).find((told) => told.rule.name === rule)?.text).toMatch(/than your usual/)
    expect(said(days((at, each) => (at === 0 ? {} : put[name](value, each))))).not.toContain(rule)
  })
}

test.each(Object.entries(cases))('%s speaks on its day, and not on one that only comes near', (name, [fires, silent]) => {
  expect(said(fires)).toContain(name)
  expect(said(silent)).not.toContain(name)
})

test('every rule has its two days', () => {
  const tested = [...Object.keys(cases), ...Object.values(figures).map(({ metric }) => `usual_${metric}`)]
  expect(rules.map(({ name }) => name).toSorted()).toEqual(tested.toSorted())
  expect(rules.length).toBeGreaterThanOrEqual(40)
})

test('thin data make no rule of weeks speak', () => {
  const thin = Object.entries(cases).flatMap(([name, [fires]]) => {
    const names = said({ ...fires, history: [], changes: [] })
    return names.includes(name) ? [name] : []
  })
  // What is left speaks of the date alone.
  expect(thin.toSorted()).toEqual([
    'even_day',
    'heart_rate_peak',
    'naps',
    'near_step_goal',
    'sleep_longer_night',
    'sleep_within_recommended',
    'stand_hours',
    'step_goal',
    'workouts',
  ])
})

test('nobody under 18 is given advice', () => {
  const advice = rules.filter(({ kind }) => kind === 'recommendation').map(({ name }) => name)
  expect(advice.length).toBeGreaterThan(5)
  for (const name of advice) {
    const [fires] = cases[name] ?? []
    if (fires !== undefined) expect(said({ ...fires, ageYears: 17 }), name).not.toContain(name)
  }
})

const many = Array.from({ length: 300 }, (_, at) => tellAll(rules, viewOf(wandering(at + 1))))

test('of three hundred wandering days none says two things that contradict each other', () => {
  for (const told of many) {
    for (const one of told) for (const other of told) expect(contradicts(one, other), `${one.text} | ${other.text}`).toBe(false)
  }
})

// Level shifts are found in months and handed in: these days have none.
test('the wandering days make nearly every rule speak, so that this says something', () => {
  const spoken = new Set(many.flat().map(({ rule }) => rule.name))
  const silent = rules.map(({ name }) => name).filter((name) => !spoken.has(name))
  expect(silent.length, silent.join(', ')).toBeLessThan(11)
})

test('every sentence of the wandering days bears its numbers, uses no medical word, and ends as a sentence does', () => {
  for (const { text, evidence } of many.flat()) {
    expect(unsupportedNumbers(text, evidence), text).toEqual([])
    expect(mentionsMedicine(text), text).toBe(false)
    expect(text).toMatch(/^[A-Z0-9][^\n]*\.$/)
    expect(text).not.toMatch(/undefined|NaN| {2}/)
  }
})
