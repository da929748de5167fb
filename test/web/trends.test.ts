import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('Trends in Chromium', engine, (browser: Browser) => {
  const params = { userId: 'robin' }
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    await makeRobin(dashboard)
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  const open = (path: string) => dashboard.page.goto(`${dashboard.url}/people/robin/${path}`)

  test('a figure stands beside the period before, and its periods are those of the API', async () => {
    const { page, client } = dashboard
    // The rows that trends are made of follow the days.
    await expect
      .poll(async () => (await dashboard.client.listTrends({ params, query: { type: 'monthly' } })).body.data.length, { timeout: 60_000 })
      .toBe(3)
    await open('trends?by=monthly')
    const steps = page.getByRole('region', { name: 'Steps', exact: true })
    const { data } = (await client.listTrends({ params, query: { type: 'monthly' } })).body
    const figures = data.map(({ trendData }) => trendData.metrics?.total_steps)
    const said = (value = 0) => Math.round(value).toLocaleString('en-GB')
    await steps
      .getByText(said(figures.at(-1)?.median))
      .first()
      .waitFor()
    expect(await steps.innerText()).toContain('to the month before')
    await steps.getByText('Show as a table').click()
    const cells = await steps.getByRole('row').getByRole('cell').allInnerTexts()
    expect(cells.filter((_, at) => at % 4 === 1)).toEqual(figures.map((figure) => said(figure?.median)).reverse())
    await steps.locator('canvas').waitFor()
    await page.getByRole('button', { name: 'Weeks' }).click()
    await page.waitForURL(/by=weekly/)
    await steps.getByText('median of the latest week').waitFor()
  })

  test('the year by day and thirty nights can be read without seeing them', async () => {
    const { page, client } = dashboard
    await open('trends?figure=total_steps&year=2026')
    const calendar = page.getByRole('region', { name: 'The year by day' })
    const { data } = (await client.getBaseline({ params, query: { metric: 'total_steps', from: '2026-01-01', to: '2026-12-31' } })).body
    await calendar.getByRole('img', { name: `Steps in 2026: ${data.length} days` }).waitFor()
    await calendar.getByText('Show as a table').click()
    // The year has 53 weeks and begins on a Thursday.
    expect(await calendar.getByRole('row').count()).toBe(54)
    expect(await calendar.getByRole('row').nth(1).getByRole('cell').count()).toBe(8)
    const numbers = (await calendar.getByRole('cell').allInnerTexts()).filter((text) => /^[\d,]+$/.test(text))
    expect(numbers).toEqual(data.map(({ value }) => value.toLocaleString('en-GB')))

    const nights = page.getByRole('region', { name: 'How regular sleep was' })
    await nights.getByText('Show as a table').click()
    expect(await nights.getByRole('row').count()).toBe(31)
    const { sleep } = (await client.getDay({ params: { ...params, date: '2026-11-14' } })).body
    const row = await nights.getByRole('row').filter({ hasText: '14 Nov 2026' }).innerText()
    expect(row).toContain(sleep?.onset.slice(11, 16))
    expect(row).toContain(sleep?.wake.slice(11, 16))
    expect(await seriousFindings(page)).toEqual([])
  })

  test('nothing serious is in the way, in light, in dark and on a phone, and nothing complains', async () => {
    const { page, complaints } = dashboard
    await page.setViewportSize({ width: 390, height: 844 })
    for (const path of ['trends', 'explore']) {
      await open(path)
      await page.locator('canvas').first().waitFor()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        expect(await seriousFindings(page)).toEqual([])
      }
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
    }
    expect(complaints).toEqual([])
  })
})
