import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

/** Numbers are bound to their units. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

describeEngine('how one reads, in Chromium', engine, (browser: Browser) => {
  const params = { userId: 'robin' }
  let dashboard: Dashboard
  const date = '2026-11-14'
  beforeAll(async () => {
    dashboard = await openDashboard(browser, { server: { env: { CLARITY_STAGED_NIGHTS: 'all' } } })
    await makeRobin(dashboard)
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test('a night that a device and a model staged says how far they agree', async () => {
    const { page, url, client } = dashboard
    const { sleep } = (await client.getDay({ params: { ...params, date } })).body
    const { model = '', version = '', accuracy = 0, epochs = 0, kappa = 0 } = sleep?.agreement ?? {}
    await page.goto(`${url}/people/robin/days/${date}`)
    const night = page.getByRole('region', { name: 'The night' })
    await night.getByText('Stages are those of Robin’s Apple Watch.').waitFor()
    const said = `The model ${model} ${version} says the same in ${Math.round(100 * accuracy)}% of ${epochs.toLocaleString('en-GB')} half-minutes.`
    expect(await night.innerText()).toContain(said)
    expect(await night.innerText()).toContain(`Cohen’s κ ${kappa.toLocaleString('en-GB', { maximumFractionDigits: 2 })}.`)
    expect(epochs).toBeGreaterThan(500)
  })

  test('in German every sentence is German, and so is what it rests on', async () => {
    const { page, url, client } = dashboard
    const { body: insight } = await client.getInsight({ params: { ...params, type: 'daily', date } })
    await page.evaluate("localStorage.setItem('clarity.language', 'de')")
    await page.goto(`${url}/people/robin/days/${date}`)
    await page.getByRole('heading', { name: 'Die Nacht' }).waitFor()
    for (const more of await page.locator('.card summary').all()) await more.click()
    const sentences = (await page.locator('.sentence').allInnerTexts()).map(plain)
    expect(sentences.length).toBeGreaterThan(10)
    const english = new Set(Object.values(insight.data).flatMap((section) => section?.insights ?? []))
    expect(sentences.filter((sentence) => english.has(sentence) || /\b(?:you|your|the)\b/i.test(sentence))).toEqual([])
    expect(await page.locator('.sentence[lang]').count()).toBe(0)
    expect(await page.getByText('nur auf Englisch').count()).toBe(0)
    await page.locator('.card .sentence').first().click()
    const sheet = page.getByRole('dialog', { name: 'Worauf das beruht' })
    expect(plain(await sheet.locator('blockquote').innerText())).toMatch(/^Sie haben .* geschlafen/)
    expect(await seriousFindings(page)).toEqual([])
    await page.evaluate("localStorage.setItem('clarity.language', 'en')")
    await page.goto(`${url}/people/robin/days/${date}`)
    await page.getByRole('heading', { name: 'The night' }).waitFor()
  })

  test('a text that no rule wrote stays in English, and says that it does', async () => {
    const { page, url } = dashboard
    await page.route(`**/insights/daily/${date}`, async (route) => {
      const insight = await (await route.fetch()).json()
      await route.fulfill({ json: { ...insight, narrative: { ...insight.narrative, summary: 'A calm day after a long night.' } } })
    })
    await page.evaluate("localStorage.setItem('clarity.language', 'de')")
    await page.goto(`${url}/people/robin/days/${date}`)
    await page.locator('.insight-first [lang=en]').getByText('A calm day after a long night.').waitFor()
    await page.getByText('Manche Sätze gibt es nur auf Englisch.').waitFor()
    await page.unrouteAll({ behavior: 'wait' })
    await page.evaluate("localStorage.setItem('clarity.language', 'en')")
  })

  test('miles are read by whoever prefers them: in sentences, their evidence, trends and what is explored; a file has its unit beside it', async () => {
    const { page, url, client } = dashboard
    await page.goto(`${url}/people/robin/days/${date}`)
    await page.getByRole('heading', { name: 'The night' }).waitFor()
    await page.getByLabel('Appearance and language').click()
    await page.getByRole('combobox', { name: 'Units' }).selectOption('Miles, pounds')
    await expect.poll(async () => (await client.getUser({ params })).body.profile.preferredUnits).toBe('imperial')
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Escape')
    for (const more of await page.locator('.card summary').all()) await more.click()
    // Written in kilometres, when those were preferred.
    const { insights = [] } = (await client.getInsight({ params: { ...params, type: 'daily', date } })).body.data.activityAnalysis ?? {}
    expect(insights.find((sentence) => sentence.startsWith('You covered'))).toContain('10.4 km')
    await page.locator('.card').getByRole('button', { name: 'You covered 6.5 mi' }).click()
    await page.getByRole('dialog').getByText('6.5 mi', { exact: true }).waitFor()
    await page.keyboard.press('Escape')
    expect((await page.locator('.sentence').allInnerTexts()).filter((sentence) => / km\b/.test(plain(sentence)))).toEqual([])

    await expect
      .poll(async () => (await client.listTrends({ params, query: { type: 'monthly' } })).body.data.length, { timeout: 60_000 })
      .toBe(3)
    await page.goto(`${url}/people/robin/trends?by=monthly`)
    const distance = page.getByRole('region', { name: 'Distance on foot', exact: true })
    const months = (await client.listTrends({ params, query: { type: 'monthly' } })).body.data
    const meters = months.at(-1)?.trendData.metrics?.distance_meters?.median ?? 0
    await distance
      .getByText(`${(meters / 1609.344).toLocaleString('en-GB', { maximumFractionDigits: 1 })} mi`)
      .first()
      .waitFor()
    await distance.getByText('Show as a table').click()
    expect((await distance.getByRole('cell').allInnerTexts()).filter((cell) => /\d k?m$/.test(cell))).toEqual([])

    await page.goto(`${url}/people/robin/explore?metric=distance_walking_running&from=2026-11-14T05:00:00Z&to=2026-11-15T05:00:00Z`)
    await page.getByText('Show as a table').click()
    await page.getByRole('cell', { name: / mi$/ }).first().waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'CSV' }).click()
    const chunks: Buffer[] = []
    for await (const chunk of await (await download).createReadStream()) chunks.push(chunk as Buffer)
    const [head = '', row = ''] = Buffer.concat(chunks).toString('utf8').split('\r\n')
    expect(row.split(',')[head.split(',').indexOf('unit')]).toBe('m')
    await client.patchUser({ params, body: { profile: { preferredUnits: 'metric' } } })
  })

  test('whoever prefers less motion sees drawings as they are at once, and nothing slides; others see them grow', async () => {
    const { page, url } = dashboard
    await page.addInitScript(watchCanvas)
    const framesWith = async (reducedMotion: 'reduce' | 'no-preference') => {
      await page.emulateMedia({ reducedMotion })
      await page.goto(`${url}/people/robin/days/${date}`)
      const frames = () => page.evaluate('globalThis.seenOfSteps.length') as Promise<number>
      await expect.poll(() => page.evaluate('globalThis.stillFor >= 30'), { timeout: 20_000 }).toBe(true)
      await page.locator('.card .sentence').first().click()
      const moving = (await page.evaluate("getComputedStyle(document.querySelector('.sheet')).animationName")) as string
      await page.keyboard.press('Escape')
      return { frames: await frames(), moving }
    }
    expect(await framesWith('reduce')).toEqual({ frames: 1, moving: 'none' })
    const { frames, moving } = await framesWith('no-preference')
    expect(frames).toBeGreaterThan(1)
    expect(moving).toBe('slide')
    await page.emulateMedia({ reducedMotion: 'reduce' })
  })
})

/** Keeps each different picture that the drawing of steps has shown, and how many frames it has not changed. */
const watchCanvas = `
  globalThis.seenOfSteps = []
  globalThis.stillFor = 0
  const look = () => {
    const canvas = document.querySelector('[aria-labelledby=steps-title] canvas')
    if (canvas !== null) {
      const blank = document.createElement('canvas')
      Object.assign(blank, { width: canvas.width, height: canvas.height })
      const [now, none] = [canvas, blank].map((each) => each.toDataURL())
      if (now === none) globalThis.stillFor = 0
      else if (now === globalThis.seenOfSteps.at(-1)) globalThis.stillFor++
      else { globalThis.seenOfSteps.push(now); globalThis.stillFor = 0 }
    }
    requestAnimationFrame(look)
  }
  requestAnimationFrame(look)`
