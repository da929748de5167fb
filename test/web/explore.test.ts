import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('Explore in Chromium', engine, (browser: Browser) => {
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

  const statusOf = (page: Page) => page.getByRole('status').filter({ hasText: /values?$/ })

  test('what is seen stands in the address, and zooming goes from days to samples', async () => {
    const { page, client } = dashboard
    await open('explore?metric=heart_rate')
    await statusOf(page).filter({ hasText: '15 minutes' }).waitFor()
    for (const [button, detail] of [
      ['10 years', 'Days'],
      ['3 months', 'Hours'],
      ['1 week', '5 minutes'],
      ['1 day', 'As measured'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: true }).click()
      await statusOf(page)
        .filter({ hasText: `${detail}:` })
        .waitFor()
    }
    const [from, to] = ['2026-11-15T05:00:00Z', '2026-11-16T05:00:00Z']
    expect([...new URL(page.url()).searchParams.entries()]).toEqual([
      ['metric', 'heart_rate'],
      ['from', from],
      ['to', to],
    ])
    const { data } = (await client.getTimeseries({ params, query: { metric: 'heart_rate', from, to } })).body
    expect(await statusOf(page).innerText()).toBe(`As measured: ${data.length.toLocaleString('en-GB')} values`)
    await page.reload()
    await statusOf(page)
      .filter({ hasText: `As measured: ${data.length.toLocaleString('en-GB')} values` })
      .waitFor()
    await page.getByRole('button', { name: '1 minute', exact: true }).click()
    await page.waitForURL((url) => Date.parse(url.searchParams.get('to') ?? '') - Date.parse(url.searchParams.get('from') ?? '') === 60_000)
  })

  test('the wheel zooms about where it is turned, dragging moves, and the address follows', async () => {
    const { page } = dashboard
    const widthOf = () => {
      const { searchParams } = new URL(page.url())
      return Date.parse(searchParams.get('to') ?? '') - Date.parse(searchParams.get('from') ?? '')
    }
    await open('explore?metric=steps&from=2026-11-01T05:00:00Z&to=2026-11-15T05:00:00Z')
    await statusOf(page).waitFor()
    const box = await page.locator('.explore-plot').boundingBox()
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
    await page.mouse.move(x, y)
    await page.mouse.wheel(0, -500)
    await expect.poll(widthOf).toBeLessThan(10 * 86_400_000)
    const from = new URL(page.url()).searchParams.get('from') ?? ''
    const width = widthOf()
    await page.mouse.down()
    await page.mouse.move(x + 150, y, { steps: 4 })
    await page.mouse.up()
    await expect.poll(() => new URL(page.url()).searchParams.get('from') ?? '').not.toBe(from)
    expect(Math.abs(widthOf() - width)).toBeLessThanOrEqual(1000)
    expect((new URL(page.url()).searchParams.get('from') ?? '') < from).toBe(true)
  })

  test('several sources stand beside each other, and what is seen is saved as CSV and as a picture', async () => {
    const { page, client } = dashboard
    const [from, to] = ['2026-11-14T05:00:00Z', '2026-11-15T05:00:00Z']
    await open(`explore?metric=steps&detail=1hour&from=${from}&to=${to}`)
    const { provenance } = (await client.getDay({ params: { ...params, date: '2026-11-14' } })).body
    const sources = provenance.steps?.sources ?? []
    expect(sources).toHaveLength(2)
    for (const { name } of sources) await page.getByRole('checkbox', { name }).check()
    const answers = await Promise.all(
      sources.map(
        async ({ id: source }) =>
          (await client.getTimeseries({ params, query: { metric: 'steps', from, to, resolution: '1hour', source } })).body,
      ),
    )
    const count = answers.reduce((sum, { data }) => sum + data.length, 0)
    await statusOf(page)
      .filter({ hasText: `Hours: ${count} values` })
      .waitFor()
    const saved = async (name: string) => {
      const download = page.waitForEvent('download')
      await page.getByRole('button', { name }).click()
      return readFileSync(await (await download).path())
    }
    const [head, ...rows] = (await saved('Save as CSV')).toString().trimEnd().split('\r\n')
    expect(head).toBe('start,end,metric,value,min,max,count,unit,source,resolution,zone')
    expect(rows).toHaveLength(count)
    expect(rows.map((row) => Number(row.split(',')[3])).sort()).toEqual(
      answers.flatMap(({ data }) => data.map(({ value }) => value)).sort(),
    )
    for (const row of rows) expect(row).toMatch(/^2026-11-14T\d\d:00:00\.000-05:00,.*,\{steps\},Robin’s .*,1hour,America\/New_York$/)
    const picture = await saved('Save as picture')
    expect(picture.subarray(1, 4).toString()).toBe('PNG')
    // Twice as sharp as the screen, and larger than the drawing alone.
    expect(picture.readUInt32BE(16)).toBeGreaterThan(2 * ((await page.locator('.explore-plot').boundingBox())?.width ?? 0))
  })
})
