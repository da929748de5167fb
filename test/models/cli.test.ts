import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { run } from '../e2e/cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'clarity-sleep-'))
const data = join(folder, 'data')
afterAll(() => rmSync(folder, { recursive: true }))

const cli = (...words: string[]) => run('cli', words, { data })

function nightFile(name: string, minutes: number, columns: readonly string[]): string {
  const lines = Array.from({ length: minutes * 12 }, (_, i) => {
    const cells: Record<string, number | ''> = {
      t: i * 5,
      heart_rate: Math.round(58 + 5 * Math.sin(i / 90) + 2 * Math.sin(i / 7)),
      activity: i % 3 === 0 ? Number(i % 300 < 30) * 40 : '',
      steps: i % 12 === 0 ? 0 : '',
    }
    return columns.map((column) => cells[column]).join()
  })
  const path = join(folder, name)
  writeFileSync(path, `${[columns.join(), ...lines].join('\n')}\n`)
  return path
}

test('sleep stage tells a stage and its probabilities for each half minute', () => {
  const { out, err, code } = cli('sleep', 'stage', nightFile('night.csv', 60, ['t', 'heart_rate', 'activity', 'steps']), '--json')
  expect(code, err).toBe(0)
  const { model, epochSeconds, epochs, summary } = JSON.parse(out)
  expect([model, epochSeconds, epochs.length]).toEqual([{ name: 'actigraphy_transformer', version: '1.0.0' }, 30, 120])
  for (const [at, { t, stage, probabilities }] of epochs.entries()) {
    expect(t).toBe(at * 30)
    const told: [string, number][] = Object.entries(probabilities)
    expect(told.map(([name]) => name)).toEqual(['awake', 'light', 'deep', 'rem'])
    expect(told.reduce((sum, [, share]) => sum + share, 0)).toBeCloseTo(1, 3)
    expect(probabilities[stage]).toBe(Math.max(...told.map(([, share]) => share)))
  }
  const minutes = Object.values(summary.minutes as Record<string, number>).reduce((a, b) => a + b, 0)
  expect(minutes).toBe(60)
})

test('any signal may be missing, and a short recording is told by Cole–Kripke', () => {
  for (const columns of [
    ['t', 'heart_rate'],
    ['t', 'heart_rate', 'steps'],
    ['t', 'activity'],
  ]) {
    const { out, err, code } = cli(
      'sleep',
      'stage',
      nightFile('part.csv', 60, columns),
      '--model',
      'actigraphy_transformer@1.0.0',
      '--json',
    )
    expect(code, err).toBe(0)
    expect(JSON.parse(out).model.name).toBe('actigraphy_transformer')
  }
  const { out } = cli('sleep', 'stage', nightFile('short.csv', 30, ['t', 'heart_rate', 'activity']), '--json')
  const { model, epochs } = JSON.parse(out)
  expect(model.name).toBe('cole_kripke')
  expect(epochs.every(({ stage }: { stage: string }) => stage === 'asleep' || stage === 'awake')).toBe(true)
})

test.each([
  ['a file that is not there', 'nothing.csv', undefined, 'not_found'],
  ['another header', 'header.csv', 'time,hr\n1,2\n', 'invalid'],
  ['a cell that is no number', 'cell.csv', 't,heart_rate\n0,60\n5,fast\n', 'invalid'],
  ['a line without t', 'line.csv', 't,heart_rate\n,60\n', 'invalid'],
  ['no samples', 'empty.csv', 't,heart_rate\n', 'invalid'],
])('%s is refused', (_, name, text, code) => {
  const path = join(folder, name)
  if (text !== undefined) writeFileSync(path, text)
  const ran = cli('sleep', 'stage', path, '--json')
  expect([ran.code, JSON.parse(ran.out).problem.code]).toEqual([1, code])
  expect(ran.err).not.toContain('fast')
})

test('an unknown version and wrong use are said so', () => {
  const night = nightFile('again.csv', 60, ['t', 'heart_rate'])
  expect(JSON.parse(cli('sleep', 'stage', night, '--model', 'actigraphy_transformer@9', '--json').out).problem.code).toBe(
    'model_unavailable',
  )
  for (const words of [
    ['sleep'],
    ['sleep', 'stage'],
    ['sleep', 'stage', night, '--model', 'x'],
    ['models'],
    ['models', 'list', 'x'],
    ['models', 'show'],
  ])
    expect(cli(...words).code, words.join(' ')).toBe(2)
})

test('the registry is listed and shown, and there is nothing to roll back to', () => {
  const listed = JSON.parse(cli('models', 'list', '--json').out)
  expect(listed).toMatchObject({ name: 'actigraphy_transformer', version: '1.0.0', status: 'active', kappa: expect.any(Number) })
  const shown = JSON.parse(cli('models', 'show', 'actigraphy_transformer', '--json').out)
  expect(shown).toMatchObject({
    versions: [{ version: '1.0.0' }],
    evaluations: [{ version: '1.0.0' }],
    deployments: [{ status: 'active' }],
  })
  expect(JSON.parse(cli('models', 'rollback', 'actigraphy_transformer', '--json').out).problem.code).toBe('conflict')
  expect(JSON.parse(cli('models', 'activate', 'actigraphy_transformer@1.0.0', '--json').out).problem.code).toBe('conflict')
})
