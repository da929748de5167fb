import type { Browser, Page } from 'playwright-core'
import { afterAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('first start in Chromium', engine, (browser: Browser) => {
  afterAll(() => browser.close())

  test('an empty house invites, in the language of whoever looks, and says what to do with a file that is none', async () => {
    await using dashboard = await openDashboard(browser, { locale: 'de-DE' })
    const { page, client } = dashboard
    await page.getByRole('heading', { name: 'Sehen, was Uhr und Telefon wissen' }).waitFor()
    expect(await page.locator('html').getAttribute('lang')).toBe('de')
    await page.getByLabel('Darstellung und Sprache').click()
    await page.getByRole('combobox', { name: 'Sprache', exact: true }).selectOption('English')
    await page.getByRole('heading', { name: 'See what your watch and phone know' }).waitFor()

    const choose = page.locator('input[type=file]')
    await choose.setInputFiles({ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('bread, milk') })
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').innerText()).toContain('export.zip')
    expect(await seriousFindings(page)).toEqual([])
    expect((await client.listUsers({})).body.data).toEqual([])

    await page.getByLabel('You live in the time zone').selectOption('Europe/Berlin')
    await choose.setInputFiles({ name: 'export.xml', mimeType: 'text/xml', buffer: Buffer.from(smallExport) })
    await page.getByRole('heading', { name: 'Your days are here' }).waitFor()
    expect(await page.getByText('Records read').locator('xpath=..').innerText()).toBe('Records read\n2')
    expect((await client.getUser({ params: { userId: 'me' } })).body.profile.timezone).toBe('Europe/Berlin')
  })

  test('by the keyboard alone, a synthetic person becomes days while one looks', async () => {
    await using dashboard = await openDashboard(browser)
    const { page, complaints } = dashboard
    await page.getByRole('heading', { name: 'See what your watch and phone know' }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.keyboard.press('Tab')
    expect(await page.locator(':focus').innerText()).toBe('Skip to content')
    await page.keyboard.press('Enter')
    await tabTo(page, 'Show me a synthetic person')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Your days are here' }).waitFor()
    await page.getByText('90 days', { exact: true }).waitFor()
    expect(await page.locator('.calendar-there').count()).toBe(90)
    expect(await seriousFindings(page)).toEqual([])
    await tabTo(page, 'See last night')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'The night' }).waitFor()
    expect(complaints).toEqual([])
  })

  test('a reload in the middle of an import finds it again, by its address and from the beginning', async () => {
    // Nobody works here: the import stays where it is.
    await using dashboard = await openDashboard(browser, { server: { words: ['--role', 'api'] } })
    const { page, url } = dashboard
    await page.getByRole('button', { name: 'Show me a synthetic person' }).click()
    await page.getByRole('heading', { name: 'Your days are arriving' }).waitFor()
    const address = page.url()
    await page.reload()
    await page.getByRole('heading', { name: 'Your days are arriving' }).waitFor()
    expect(await page.getByRole('progressbar').getAttribute('aria-valuetext')).toBe('Waiting for its turn')
    await page.goto(url)
    await page.waitForURL(address)
    await page.getByRole('heading', { name: 'Your days are arriving' }).waitFor()
  })
})

async function tabTo(page: Page, name: string): Promise<void> {
  for (let tabs = 0; tabs < 12; tabs++) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').innerText()) === name) return
  }
  throw new Error(`No way by the keyboard to ${name}`)
}

const record = (hour: string, steps: number) =>
  `<Record type="HKQuantityTypeIdentifierStepCount" sourceName="Phone" unit="count" creationDate="2026-03-04 ${hour}:30:00 +0100" startDate="2026-03-04 ${hour}:00:00 +0100" endDate="2026-03-04 ${hour}:10:00 +0100" value="${steps}"/>`
const smallExport = `<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_DE">\n<ExportDate value="2026-03-05 08:00:00 +0100"/>\n${record('09', 500)}\n${record('10', 700)}\n</HealthData>\n`
