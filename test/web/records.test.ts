import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, openDashboard } from './dashboard.ts'

const engine = await startChromium()

/** More than the server gives at once. */
const SESSIONS = 1100

describeEngine('sessions and long lists in Chromium', engine, (browser: Browser) => {
  const params = { userId: 'lena' }
  let dashboard: Dashboard
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    const { client } = dashboard
    await client.createUser({
      body: { userId: 'lena', profile: { email: 'lena@example.org', displayName: 'Lena', timezone: 'America/New_York' } },
    })
    const body = Array.from({ length: SESSIONS }, (_, at) => minute(at)).join('\n')
    await client.addSessions({ params, body, mediaType: 'application/x-ndjson' })
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test('every session is reached by the keyboard alone, and what came has the focus', async () => {
    const { page, url } = dashboard
    await page.goto(`${url}/people/lena/data/sessions`)
    const more = page.getByRole('button', { name: 'Show more' })
    const rows = page.locator('.records > li')
    for (const [before, count] of [
      [50, 200],
      [200, 1000],
      [1000, SESSIONS],
    ] as const) {
      await page
        .getByRole('status')
        .getByText(`${before.toLocaleString('en')} sessions`)
        .waitFor()
      await more.focus()
      await page.keyboard.press('Enter')
      await page
        .getByRole('status')
        .getByText(`${count.toLocaleString('en')} sessions`)
        .waitFor()
      expect(await rows.nth(before).evaluate((row) => row.ownerDocument.activeElement === row)).toBe(true)
    }
    expect(await more.count()).toBe(0)
    expect(await rows.last().innerText()).toContain('12:00 – 12:01')
    expect(await seriousFindings(page)).toEqual([])
  })

  test('a session says what was noticed of it, and what stands aside and why', async () => {
    const { page, url, client } = dashboard
    await client.addSessions({ params, body: JSON.stringify(odd()) })
    await page.goto(`${url}/people/lena/data/sessions`)
    await page.getByLabel('Show').selectOption('With samples set aside')
    const row = page.locator('.records > li').filter({ hasText: 'Diary' })
    await row.getByText('1 sample set aside').waitFor()
    // By the clock of New York, where they are, and not of Tokyo, where the browser is.
    const said = ['12:00 – 13:00', '3 of 4 samples', 'a heart rate outside 30 to 220', 'changed by more than 50 within 10 seconds']
    for (const words of said) expect(await row.innerText()).toContain(words)
    await row.getByText('Show what was set aside').focus()
    await page.keyboard.press('Enter')
    const aside = row.getByRole('table').getByRole('row').nth(1)
    await aside.waitFor()
    const cells = ['15 Nov 2026, 12:00:01', 'Heart rate', '500 bpm', 'a heart rate outside 30 to 220']
    expect(await aside.getByRole('cell').allInnerTexts()).toEqual(cells)
    expect(await row.getByRole('row').count()).toBe(2)
    await page.setViewportSize({ width: 390, height: 800 })
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await page.setViewportSize({ width: 1280, height: 800 })
    expect(await seriousFindings(page)).toEqual([])
  })

  test('those who looked and jobs are reached in the same way', async () => {
    const { page, url, client } = dashboard
    for (let at = 0; at < 60; at++) {
      const userId = `person_${at}`
      await client.createUser({ body: { userId, profile: { email: `${userId}@example.org`, displayName: userId } } })
      await client.exportUser({ params: { userId } })
      await client.getUser({ params })
    }
    await expect
      .poll(async () => (await client.listJobs({ query: { status: 'completed', limit: 1000 } })).body.data.length, { timeout: 30_000 })
      .toBeGreaterThan(60)
    for (const path of ['/people/lena/data/access', '/operator/jobs']) {
      await page.goto(`${url}${path}`)
      if (path === '/operator/jobs') await page.getByText('Done', { exact: true }).first().click()
      const rows = page.locator('.records > li')
      await rows.nth(49).waitFor()
      expect(await rows.count()).toBe(50)
      await page.getByRole('button', { name: 'Show more' }).focus()
      await page.keyboard.press('Enter')
      await rows.nth(50).and(page.locator(':focus')).waitFor()
      expect(await rows.count()).toBeGreaterThanOrEqual(60)
    }
  })
})

/** From noon in New York, a minute each. */
function minute(at: number): string {
  const startMs = Date.parse('2026-11-10T12:00:00-05:00') + at * 60_000
  const [startTime, endTime] = [startMs, startMs + 60_000].map((ms) => new Date(ms).toISOString())
  return JSON.stringify({
    sessionInfo: { sessionId: `minute_${at}`, startTime, endTime, dataSource: 'Notebook', dataTypes: ['steps'] },
    source: { name: 'Notebook', kind: 'manual' },
    series: { steps: { unit: '{steps}', samples: [{ startTime, endTime, value: 1 + (at % 90) }] } },
  })
}

/** A heart rate that cannot be, and one that is far from the one before. */
function odd(): object {
  const [startTime, endTime] = ['2026-11-15T12:00:00-05:00', '2026-11-15T13:00:00-05:00']
  const samples = [60, 500, 61, 140].map((value, at) => ({ startTime: `2026-11-15T12:00:0${at}-05:00`, value }))
  return {
    sessionInfo: { sessionId: 'odd', startTime, endTime, dataSource: 'Diary', dataTypes: ['heart_rate'] },
    source: { name: 'Diary', kind: 'manual' },
    series: { heart_rate: { unit: '/min', samples } },
  }
}
