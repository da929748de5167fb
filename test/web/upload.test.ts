import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { synthesise } from '../../src/synthetic/synthesise.ts'
import { run } from '../e2e/cli.ts'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Dashboard, openDashboard } from './dashboard.ts'
import { type Line, layLine } from './line.ts'

const engine = await startChromium()

describeEngine('a large file in Chromium', engine, (browser: Browser) => {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-upload-'))
  const file = join(folder, 'export.xml')
  let dashboard: Dashboard
  let line: Line
  beforeAll(async () => {
    writeLarge(file)
    dashboard = await openDashboard(browser, {
      through: async (url) => {
        line = await layLine(url)
        return line.url
      },
    })
  })
  afterAll(async () => {
    await line[Symbol.asyncDispose]()
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  test('200 MB survive a line that breaks and a page that is loaded again in the middle, and become days', async () => {
    const { page, client } = dashboard
    const size = statSync(file).size
    expect(size).toBeGreaterThan(200e6)
    line.breakOff(({ url = '' }) => Number(/offset=(\d+)/.exec(url)?.[1]) > 60e6)
    await page.getByRole('heading', { name: 'See what your watch and phone know' }).waitFor()
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByText('The server does not answer').waitFor({ timeout: 60_000 })
    const before = await sentOn(page)
    expect(before).toMatch(/^6\d MB of 2\d\d MB/)
    await page.reload()
    await page.getByRole('heading', { name: 'Sending export.xml' }).waitFor()
    await expect.poll(() => sentOn(page)).toBe(before)
    // From the beginning, too, one is led to it.
    await page.goto(line.url)
    await page.getByRole('heading', { name: 'Sending export.xml' }).waitFor()
    line.breakOff(() => false)
    await page.getByText(/ a second · .* left/).waitFor()
    await page.waitForURL(/\/imports\//, { timeout: 60_000 })
    const parts = line.passed.filter((each) => each.startsWith('PUT ')).map((each) => Number(each.split('offset=')[1]))
    expect(parts).toEqual(Array.from({ length: Math.ceil(size / (4 << 20)) }, (_, at) => at * (4 << 20)))
    await page.getByRole('heading', { name: 'Your days are here' }).waitFor({ timeout: 60_000 })
    await page.getByText('30 days', { exact: true }).waitFor()
    const { data } = (await client.listImports({ params: { userId: 'me' } })).body
    expect(data).toMatchObject([{ file: 'export.xml', status: 'completed', report: { bytes: size, days: 30, lastDate: '2026-11-15' } }])
    // As long as the waits in it may take together.
  }, 240_000)

  test('what the command line imports beside it is seen without a reload', async () => {
    const { page, url, client } = dashboard
    await page.goto(`${line.url}/people/me/days/2026-11-15`)
    const figure = page.getByRole('region', { name: 'Movement' }).locator('.card-figure')
    const before = await figure.innerText()
    const more = join(folder, 'more.xml')
    writeFileSync(more, walk)
    const { body: key } = await client.createKey({ body: { kind: 'service', scopes: ['sessions:write', 'sessions:read', 'jobs:read'] } })
    const imported = run('cli', ['import', more, '--user', 'me', '--url', url, '--json'], { env: { CLARITY_KEY: key.key } })
    expect(imported.err + imported.out).toContain('"accepted":1')
    await expect.poll(() => figure.innerText(), { timeout: 20_000 }).not.toBe(before)
  })
})

/** How many bytes of how many are there, as the page says it. */
async function sentOn(page: Page): Promise<string> {
  return (await page.locator('.progress p').innerText()).split(' · ')[0] ?? ''
}

/** A month of the synthetic person over and over, as an app that exports everything twice would. */
function writeLarge(path: string): void {
  const text = [...synthesise({ seed: 1, days: 30, lastDate: '2026-11-15' }).chunks].join('')
  const [from, to] = [text.indexOf('<Record '), text.lastIndexOf('</HealthData>')]
  const records = Buffer.from(text.slice(from, to))
  const open = openSync(path, 'w')
  writeSync(open, text.slice(0, from))
  for (let bytes = 0; bytes < 200e6; bytes += records.length) writeSync(open, records)
  writeSync(open, text.slice(to))
  closeSync(open)
}

const walk = `<?xml version="1.0" encoding="UTF-8"?>
<HealthData locale="en_US">
<ExportDate value="2026-11-16 08:00:00 -0500"/>
<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Treadmill" unit="count" creationDate="2026-11-15 03:30:00 -0500" startDate="2026-11-15 03:00:00 -0500" endDate="2026-11-15 03:30:00 -0500" value="4321"/>
</HealthData>
`
