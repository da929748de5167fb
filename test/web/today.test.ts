import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

/** Numbers are bound to their units. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describeEngine('Today in Chromium', engine, (browser: Browser) => {
  const params = { userId: 'robin' }
  let dashboard: Dashboard
  const date = '2026-11-14'
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    await makeRobin(dashboard)
    await dashboard.page.goto(dashboard.url)
    await dashboard.page.getByRole('link', { name: 'The day before' }).click()
    await dashboard.page.waitForURL((url) => url.pathname.endsWith(date))
    await dashboard.page.getByRole('heading', { name: 'The night' }).waitFor()
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test('the insight comes first, and a sentence opens the values, baseline, source and samples that it rests on', async () => {
    const { page, client } = dashboard
    const { body: insight } = await client.getInsight({ params: { ...params, type: 'daily', date } })
    const steps = insight.data.activityAnalysis?.insights.find((sentence) => sentence.includes(' steps,')) ?? 'none'
    const [first = ''] = (insight.narrative?.summary ?? '').split(' (')
    expect(plain(await page.locator('.insight-first').innerText())).toContain(first)
    await page.locator('.card').getByRole('button', { name: steps }).click()
    const sheet = page.getByRole('dialog', { name: 'What this rests on' })
    const [evidence] = Object.values(insight.evidence).find(([one]) => one?.metric === 'steps' && one.baseline) ?? []
    await sheet.getByText(Number(evidence?.value).toLocaleString('en-GB'), { exact: true }).waitFor()
    expect(await sheet.innerText()).toContain(`Your usual ${Number(evidence?.baseline?.median).toLocaleString('en-GB')}`)
    expect(await sheet.innerText()).toContain('Robin’s Apple')
    await sheet.getByText('Samples', { exact: true }).click()
    await sheet.getByRole('row').nth(10).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    await sheet.waitFor({ state: 'detached' })
    expect(plain(await page.locator(':focus').innerText())).toBe(steps)
  })

  test('the night is told by the clock of the person, and not of the browser', async () => {
    const { page, client } = dashboard
    const { sleep } = (await client.getDay({ params: { ...params, date } })).body
    const clock = (instant = '') => instant.slice(11, 16)
    const night = page.getByRole('region', { name: 'The night' })
    expect(await night.innerText()).toContain(`${clock(sleep?.onset)} to ${clock(sleep?.wake)}`)
    await night.getByText('Show as a table').click()
    expect(await night.getByRole('row').count()).toBe((sleep?.spans?.length ?? 0) + 1)
    await night.locator('canvas').waitFor()
  })

  test('a day is found by its address, and the ones beside it by the arrows', async () => {
    const { page, url } = dashboard
    await page.goto(`${url}/people/robin/days/${date}`)
    await page.getByRole('link', { name: 'The day before' }).click()
    const before = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10)
    await page.waitForURL(`${url}/people/robin/days/${before}`)
    await page.goBack()
    await page.waitForURL(`${url}/people/robin/days/${date}`)
    await page.goto(`${url}/people/robin/days/1999-01-01`)
    await page.getByRole('heading', { name: 'No insight for this day' }).waitFor()
  })

  test('nothing serious is in the way, in light and in dark', async () => {
    const { page, url } = dashboard
    await page.goto(`${url}/people/robin/days/${date}`)
    await page.getByRole('heading', { name: 'The night' }).waitFor()
    for (const more of await page.locator('.card summary').all()) await more.click()
    expect(await seriousFindings(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'dark' })
    expect(await seriousFindings(page)).toEqual([])
    await page.emulateMedia({ colorScheme: 'light' })
  })

  test('what another program hands in is seen without a reload', async () => {
    const { page, url, client } = dashboard
    await page.goto(`${url}/people/robin/days/${date}`)
    const figure = page.getByRole('region', { name: 'Movement' }).locator('.card-figure')
    const before = await figure.innerText()
    const [startTime, endTime] = [`${date}T12:00:00-05:00`, `${date}T13:00:00-05:00`]
    await client.addSessions({
      params,
      body: JSON.stringify({
        sessionInfo: { sessionId: 'walk', startTime, endTime, dataSource: 'Notebook', dataTypes: ['steps'] },
        source: { name: 'Notebook', kind: 'manual' },
        series: { steps: { unit: '{steps}', samples: [{ startTime, endTime, value: 3210 }] } },
      }),
    })
    await expect.poll(() => figure.innerText(), { timeout: 20_000 }).not.toBe(before)
    await page.getByRole('region', { name: 'Steps by hour' }).getByText('Notebook').first().waitFor()
  })

  test('so is what changed before the page had begun to listen', async () => {
    const { page, url, client } = dashboard
    const handed = Promise.withResolvers<void>()
    await page.route('**/v1/users/robin/events*', async (route) => {
      await handed.promise
      await route.continue()
    })
    await page.goto(`${url}/people/robin/days/${date}`)
    const steps = page.getByRole('region', { name: 'Steps by hour' })
    await steps.getByText('Notebook').first().waitFor()
    const [startTime, endTime] = [`${date}T14:00:00-05:00`, `${date}T15:00:00-05:00`]
    await client.addSessions({
      params,
      body: JSON.stringify({
        sessionInfo: { sessionId: 'later', startTime, endTime, dataSource: 'Diary', dataTypes: ['steps'] },
        source: { name: 'Diary', kind: 'manual' },
        series: { steps: { unit: '{steps}', samples: [{ startTime, endTime, value: 2345 }] } },
      }),
    })
    await expect
      .poll(async () => (await client.getDay({ params: { ...params, date } })).body.provenance.steps?.sources.map(({ name }) => name), {
        timeout: 20_000,
      })
      .toContain('Diary')
    handed.resolve()
    await steps.getByText('Diary').first().waitFor()
    await page.unroute('**/v1/users/robin/events*')
  })
})
