import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run } from '../e2e/cli.ts'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('taking all of one’s data along, and leaving, in Chromium', engine, (browser: Browser) => {
  const params = { userId: 'robin' }
  const folder = mkdtempSync(join(tmpdir(), 'clarity-kept-'))
  let dashboard: Dashboard
  let page: Page
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    page = dashboard.page
    await makeRobin(dashboard)
    await page.goto(`${dashboard.url}/people/robin/data`)
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = async (part: string) => {
    await page.getByRole('navigation', { name: 'My data' }).getByRole('link', { name: part }).click()
    await page.getByRole('heading', { name: part, level: 2 }).waitFor()
  }

  test.each([
    ['Everything', 'robin-export.zip', 'PK\u0003\u0004'],
    ['FHIR R4', 'robin-export.json', '{'],
    ['Open mHealth', 'robin-export.ndjson', '{'],
  ])('%s is made while one looks, and fetched', async (format, name, magic) => {
    await open('Export')
    await page.getByRole('radio', { name: format }).check()
    await page.getByRole('button', { name: 'Make the file' }).click()
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download' }).click()])
    expect(download.suggestedFilename()).toBe(name)
    const kept = join(folder, name)
    await download.saveAs(kept)
    expect(readFileSync(kept).subarray(0, magic.length).toString('latin1')).toBe(magic)
    await page.getByText(/kept by this browser/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await open('Sources')
  })

  test('who is erased typed their id first, and keeps a receipt that anybody can check', async () => {
    const { client, complaints } = dashboard
    await open('Erase')
    const confirm = page.getByRole('button', { name: 'Erase for good' })
    const typed = page.getByLabel('Type robin to confirm')
    await typed.fill('robi')
    expect(await confirm.isDisabled()).toBe(true)
    await page.keyboard.press('Enter')
    expect((await client.getUser({ params })).status).toBe(200)
    expect(await seriousFindings(page)).toEqual([])
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await typed.fill('robin')
    await confirm.click()
    await page.getByRole('heading', { name: 'Erased', exact: true }).waitFor({ timeout: 30_000 })
    await expect(client.getUser({ params })).rejects.toMatchObject({ code: 'erased' })
    await page.getByText('This browser has checked the signature').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the receipt' }).click(),
    ])
    const kept = join(folder, 'receipt.json')
    await download.saveAs(kept)
    // As the page says how.
    const command = await page.locator('pre').innerText()
    expect(command).toContain(`verify-receipt ${download.suggestedFilename()} --public-key=`)
    expect(run('cli', ['verify-receipt', kept, command.split(' ').at(-1) ?? ''])).toMatchObject({ code: 0 })
    expect(complaints).toEqual([])
    expect(asked.filter((call) => call.includes('/users/robin'))).toEqual(['DELETE /v1/users/robin'])
  })
})
