import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('jobs and keys in Chromium', engine, (browser: Browser) => {
  let dashboard: Dashboard
  beforeAll(async () => {
    // Nobody works here: what is asked for waits.
    dashboard = await openDashboard(browser, { server: { words: ['--role', 'api'] } })
    await dashboard.client.createUser({ body: { userId: 'ada', profile: { email: 'ada@example.org', displayName: 'Ada' } } })
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test('work is seen as it comes, and is stopped', async () => {
    const { page, client, url } = dashboard
    await page.goto(`${url}/operator/jobs`)
    await page.getByText('Nothing is under way.').waitFor()
    const { jobId } = (await client.exportUser({ params: { userId: 'ada' } })).body
    const row = page.locator('.records > li').filter({ hasText: 'Export' })
    await row.getByText('Waiting').waitFor()
    await row.getByRole('button', { name: 'Cancel' }).click()
    await page.getByText('Nothing is under way.').waitFor()
    expect((await client.getJob({ params: { jobId } })).body.status).toBe('cancelled')
  })

  test('a key is shown once, opens what its kind may, and is revoked', async () => {
    const { client, url, page } = dashboard
    await page.goto(`${url}/operator/keys`)
    await page.getByLabel('For').selectOption('Auditor')
    await page.getByLabel('Days').fill('7')
    await page.getByRole('button', { name: 'Make the key' }).click()
    const key = await page.locator('.secret code').innerText()
    const statusOf = async (path: string) => (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })).status
    expect(await statusOf('/v1/system/audit-logs')).toBe(200)
    expect(await statusOf('/v1/users')).toBe(403)
    expect(await seriousFindings(page)).toEqual([])
    await page.reload()
    const row = page.locator('.records > li').filter({ hasText: 'Auditor' })
    await row.waitFor()
    expect(await page.content()).not.toContain(key)
    await row.getByRole('button', { name: /^Revoke/ }).click()
    await row.getByText(/revoked/).waitFor()
    expect((await client.listKeys({})).body.data.find(({ kind }) => kind === 'auditor')?.revokedAt).toBeDefined()
    await expect.poll(() => statusOf('/v1/system/audit-logs'), { timeout: 10_000 }).toBe(401)
  })

  test('what a session may not do is not offered, and what it may not see is not named', async () => {
    const { page, url } = dashboard
    await page.route('**/v1/sign-in/browser', (route) =>
      route.fulfill({ json: { kind: 'person', userId: 'ada', scopes: ['profile:read'] } }),
    )
    await page.goto(`${url}/people/ada/data`)
    await page.getByRole('heading', { name: 'Sources', level: 2 }).waitFor()
    const names = await page.getByRole('navigation', { name: 'My data' }).getByRole('link').allInnerTexts()
    expect(names).toEqual(['Sources', 'Consents', 'Sharing', 'Who saw what', 'How long'])
    expect(await page.getByRole('link', { name: 'Operator' }).count()).toBe(0)
    await page.goto(`${url}/operator`)
    await page.getByText('This page is for those who run this house.').waitFor()
  })
})
