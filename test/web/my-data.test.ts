import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('My data in Chromium', engine, (browser: Browser) => {
  const params = { userId: 'robin' }
  let dashboard: Dashboard
  let page: Page
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    page = dashboard.page
    await makeRobin(dashboard)
    await dashboard.client.createUser({ body: { userId: 'mira', profile: { email: 'mira@example.org', displayName: 'Mira' } } })
    await page.goto(`${dashboard.url}/people/robin`)
    await page.getByRole('link', { name: 'My data' }).click()
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  const open = async (part: string) => {
    await page.getByRole('navigation', { name: 'My data' }).getByRole('link', { name: part }).click()
    await page.getByRole('heading', { name: part, level: 2 }).waitFor()
    await page.getByText('Loading').waitFor({ state: 'detached' })
  }

  test('the order of sources is changed by the keyboard and by the pointer, and counts once it is kept', async () => {
    const { client } = dashboard
    await open('Sources')
    const names = () => page.locator('.source-name strong').allInnerTexts()
    await page.getByText('Robin’s iPhone').waitFor()
    const [best = '', second = ''] = await names()
    await page.getByRole('button', { name: `Move ${second} up` }).focus()
    await page.keyboard.press('Enter')
    expect((await names()).slice(0, 2)).toEqual([second, best])
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe(`Move ${second} up`)
    const handle = page.locator('.source-handle')
    const last = (await names()).length - 1
    await handle.nth(last).scrollIntoViewIfNeeded()
    const [from, to] = await Promise.all([handle.nth(last).boundingBox(), handle.first().boundingBox()])
    await page.mouse.move((from?.x ?? 0) + 5, (from?.y ?? 0) + 5)
    await page.mouse.down()
    await page.mouse.move((to?.x ?? 0) + 5, (to?.y ?? 0) + 5, { steps: 12 })
    await page.mouse.up()
    const wanted = await names()
    expect(wanted.slice(1, 3)).toEqual([second, best])
    await page.getByRole('button', { name: 'Keep this order' }).click()
    await page.getByRole('button', { name: 'Keep this order' }).waitFor({ state: 'detached' })
    const sessions = (await client.listSessions({ params, query: { limit: 300 } })).body.data
    const idOf = (name: string) => `id:${sessions.find(({ source }) => source.name === name)?.source.id}`
    const { order } = (await client.getSourcePriority({ params })).body
    expect(order.slice(0, wanted.length)).toEqual(wanted.map(idOf))
    await page.reload()
    await page.getByText('Robin’s iPhone').waitFor()
    expect(await names()).toEqual(wanted)
    expect(await seriousFindings(page)).toEqual([])
  })

  test('a consent is given and withdrawn, each time with a receipt that names the words', async () => {
    const { client } = dashboard
    await open('Consents')
    const sharing = page.getByRole('switch', { name: 'Sharing with people I name' })
    for (const given of [true, false, true]) {
      await sharing.click()
      await page.locator(`[role=switch][aria-checked=${given}]`).first().waitFor()
    }
    const receipts = (await client.listConsents({ params })).body.data
    expect(receipts.map(({ given }) => given)).toEqual([true, false, true])
    expect(await page.getByRole('row').count()).toBe(4)
    expect(await page.getByRole('row').nth(1).innerText()).toContain(receipts[0]?.textVersion)
    expect((await client.getUser({ params })).body.profile.privacySettings?.dataSharing).toBe(true)
    expect(await seriousFindings(page)).toEqual([])
  })

  test('somebody is let in to some metrics until a day, and shut out', async () => {
    const { client } = dashboard
    await open('Sharing')
    await page.getByText('Nobody but you sees your data.').waitFor()
    await page.getByLabel('Their id').fill('mira')
    await page.getByLabel('Last day').fill('2027-03-31')
    await page.getByText('All metrics; choose some').click()
    await page.getByRole('checkbox', { name: 'Steps', exact: true }).check()
    await page.getByRole('button', { name: 'Let them in' }).click()
    const row = page.locator('.records > li')
    await row.getByText('may see', { exact: true }).waitFor()
    const [grant] = (await client.listPermissions({ params })).body.data
    // The whole of that day in New York.
    expect(grant).toMatchObject({ granteeId: 'mira', access: 'read', resources: ['days'], metrics: ['steps'] })
    expect(Date.parse(grant?.until ?? '')).toBe(Date.parse('2027-04-01T00:00:00-04:00'))
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'End what mira may' }).click()
    await row.getByText(/^Ended on/).waitFor()
    expect((await client.listPermissions({ params })).body.data[0]?.revokedAt).toBeDefined()
  })

  test('who saw what is told, this session among them', async () => {
    await open('Who saw what')
    const rows = page.locator('.records > li')
    await rows.filter({ hasText: 'Permissions' }).first().waitFor()
    expect(
      await rows
        .filter({ hasText: /^Consentsgiven or withdrawn/ })
        .filter({ hasText: 'this app' })
        .count(),
    ).toBe(3)
    expect(await seriousFindings(page)).toEqual([])
  })

  test('how long data are kept is told by kind, and that a legal hold stands', async () => {
    const { client } = dashboard
    await client.placeLegalHold({ params: { personId: 'robin' }, body: { reason: 'Case 17' } })
    await open('How long')
    const measured = page.getByRole('region', { name: 'What was measured' })
    await measured.getByText('5 years', { exact: true }).waitFor()
    const next = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'America/New_York' })
    expect(await measured.innerText()).toContain(
      next.format(Date.parse((await client.getRetention({ params })).body.kinds.rawData.nextDestroyAt ?? '')),
    )
    await page.getByText('A legal hold stands on these data').waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await client.releaseLegalHold({ params: { personId: 'robin' } })
  })
})
