import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'
import { differenceOf, type Picture, shrink, takePictures } from './pictures.ts'

const engine = await startChromium()
const golden = (name: string) => join(import.meta.dirname, 'golden', `${name}.png`)

describeEngine('pictures in Chromium', engine, (browser: Browser) => {
  let dashboard: Dashboard
  let pictures: readonly Picture[]
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    await makeRobin(dashboard)
    pictures = await takePictures(dashboard)
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test('every page that navigation leads to looks as it did: made anew by node tools/screenshots.ts', async () => {
    for (const { name, png } of pictures) {
      expect(existsSync(golden(name)), `There is a picture of ${name}`).toBe(true)
      const now = await shrink(browser, { png }, 640, 'png')
      expect(await differenceOf(browser, now, readFileSync(golden(name))), name).toBeLessThan(0.005)
    }
  })

  test('a page that lacks a part of it does not', async () => {
    const { page, url } = dashboard
    await page.goto(`${url}/people/robin/days/2026-11-14`)
    await page.locator('.cards').waitFor()
    await page.locator('.cards').evaluate((cards: { remove(): void }) => cards.remove())
    const png = await page.screenshot({ fullPage: true })
    const now = await shrink(browser, { png }, 640, 'png')
    expect(await differenceOf(browser, now, readFileSync(golden('today')))).toBeGreaterThan(0.02)
  })
})
