import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { practices, watch } from './checks.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('checks of pages in Chromium', engine, (browser: Browser) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    await makeRobin(dashboard)
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test.each([
    ['a screen', 1280],
    ['a phone', 390],
  ])('accessibility and good practice are at least 95 of 100 on every page, on %s', async (_, width) => {
    const { context, page, url } = dashboard
    await page.goto(`${url}/people/robin/days/2026-11-14`)
    const links = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').all()
    const paths = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''))
    const own = await context.newPage()
    await own.setViewportSize({ width, height: 800 })
    const check = await watch(own)
    for (const path of ['/start', '/people/robin/days/2026-11-14', ...paths]) {
      const { accessibility, practices: practice, findings } = await check(`${url}${path}`)
      expect(accessibility, `${path}: ${findings}`).toBeGreaterThanOrEqual(95)
      expect(practice, `${path}: ${findings}`).toBeGreaterThanOrEqual(95)
    }
    await own.close()
  })

  test('a page that is bad is found to be', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const check = await watch(page)
    await page.route('**/*', (route) =>
      route.fulfill({
        contentType: 'text/html',
        body: '<body><main id="content"><h1>Bad</h1><img src="data:,"><input><a href="javascript:void 0">x</a><script>document.cookie="a=b"; console.error(1)</script></main>',
      }),
    )
    const { accessibility, practices: practice, findings } = await check('http://127.0.0.1:1/')
    expect(accessibility).toBeLessThan(80)
    expect(practice).toBeLessThan(60)
    expect(findings).toContain('the document says its type and charset')
    expect(findings.filter((each) => each in practices).length).toBeGreaterThan(8)
    await context.close()
  })
})
