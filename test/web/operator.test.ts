import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { seriousFindings } from './accessible.ts'
import { type Dashboard, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('Operator in Chromium', engine, (browser: Browser) => {
  let dashboard: Dashboard
  let page: Page
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    page = dashboard.page
    const { client, url } = dashboard
    // A file that nobody can read: its job fails.
    const query = { newPerson: 'true', zone: 'Europe/Berlin' } as const
    const { jobId = '' } = (await client.startImport({ params: { userId: 'ada' }, query, body: '<?xml version="1.0"?><list/>', fileName: 'list.xml' })).body
    for await (const _ of (await client.followJob({ params: { jobId } })).events);
    await page.goto(`${url}/operator`)
  })
  afterAll(async () => {
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  const open = async (part: string) => {
    await page.getByRole('navigation', { name: 'Operator' }).getByRole('link', { name: part }).click()
    await page.getByRole('heading', { name: part, level: 2 }).waitFor()
  }

  test('a job that failed says why, shows its log, and is tried again', async () => {
    const { client } = dashboard
    await page.getByText('Failed', { exact: true }).first().click()
    const row = page.locator('.records > li')
    await row.getByText('Import', { exact: true }).waitFor()
    expect(await row.innerText()).toContain('not_recognised')
    await row.getByText('Log').click()
    await row.locator('.log li').first().waitFor()
    expect(await seriousFindings(page)).toEqual([])
    const attemptsOf = async () => (await client.listJobs({ query: { person: 'ada' } })).body.data[0]?.errors.length
    const before = (await attemptsOf()) ?? 0
    await row.getByRole('button', { name: 'Try again' }).click()
    await expect.poll(attemptsOf, { timeout: 15_000 }).toBeGreaterThan(before)
  })

  test('a model shows what it was trained on, what was measured, and which version is in use', async () => {
    const { client } = dashboard
    await open('Models')
    const [card] = (await client.listModels({})).body.data
    const { name = '', description = 'none' } = card?.modelInfo ?? {}
    const [evaluation] = (await client.listModelPerformance({ params: { name } })).body.data
    const model = page.getByRole('region', { name, exact: true })
    await model.getByText('In use').waitFor()
    expect(await model.innerText()).toContain(description)
    const accuracy = model.locator('.figures div').filter({ hasText: 'Accuracy' }).first()
    expect(await accuracy.locator('dd').innerText()).toBe(
      Number(evaluation?.accuracy).toLocaleString('en-GB', { maximumFractionDigits: 3 }),
    )
    expect(await model.innerText()).toContain(evaluation?.dataset)
    expect(await seriousFindings(page)).toEqual([])
  })

  test('monitoring counts people and jobs while one looks', async () => {
    const { client } = dashboard
    await open('Monitoring')
    const people = page.getByRole('region', { name: 'People' }).locator('.card-figure')
    await people.getByText('1', { exact: true }).waitFor()
    await client.createUser({ body: { userId: 'bob', profile: { email: 'bob@example.org', displayName: 'Bob' } } })
    await people.getByText('2', { exact: true }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  test('what grows old is looked at without touching it, then done; a hold is placed and released', async () => {
    const { client } = dashboard
    await open('Lifecycle')
    await page.getByText('It has not run yet.').waitFor()
    await page.getByLabel('As of').fill('2040-01-01')
    await page.getByRole('button', { name: 'Look, change nothing' }).click()
    await page.getByText(/to archive, 1 to destroy/).waitFor()
    expect((await client.getLifecycle({})).body.lastRunAt).toBe(undefined)
    expect((await client.listImports({ params: { userId: 'ada' } })).body.data).toHaveLength(1)
    await page.getByLabel('As of').fill('')
    await page.getByRole('button', { name: 'Look, change nothing' }).click()
    await page.getByRole('button', { name: 'Do it now' }).click()
    await page.getByText('The run: Done').waitFor()
    expect((await client.getLifecycle({})).body.lastRunAt).toBeDefined()
    await page.getByLabel('Person').fill('ada')
    await page.getByLabel('Reason').fill('Case 17')
    await page.getByRole('button', { name: 'Place a hold' }).click()
    await page.getByText('Case 17').waitFor()
    expect((await client.listLegalHolds({})).body.data).toMatchObject([{ userId: 'ada', reason: 'Case 17' }])
    expect(await seriousFindings(page)).toEqual([])
    await page.getByRole('button', { name: 'Release the hold on ada' }).click()
    await page.getByText('None stands.').waitFor()
  })

  test('a key is shown once, opens what its kind may, and is revoked', async () => {
    const { client, url } = dashboard
    await open('Keys')
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

  test('the audit log is checked in the browser, and an entry that was changed on its way is found', async () => {
    await open('Audit log')
    await page.getByText(/Checked in this browser: entries 1 to \d+ are as they were sealed/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByLabel('Outcome').selectOption('refused')
    await page.getByRole('row').nth(1).waitFor()
    expect((await page.locator('tbody tr').allInnerTexts()).every((row) => row.includes('forbidden'))).toBe(true)
    await page.route('**/v1/system/audit-logs*', async (route) => {
      const reply = await route.fetch()
      const body = await reply.json()
      body.data[3].action = 'R'
      body.data[3].outcome = 'deny'
      await route.fulfill({ response: reply, json: body })
    })
    await page.reload()
    await page.getByText(/^Entry \d+ is not what was sealed/).waitFor()
    await page.unroute('**/v1/system/audit-logs*')
    expect(dashboard.complaints).toEqual([])
  })

  test('work is seen as it comes and is stopped, by whoever may', async () => {
    // Nobody works here: what is asked for waits.
    await using idle = await openDashboard(browser, { server: { words: ['--role', 'api'] } })
    await idle.client.createUser({ body: { userId: 'ada', profile: { email: 'ada@example.org', displayName: 'Ada' } } })
    await idle.page.goto(`${idle.url}/operator/jobs`)
    await idle.page.getByText('Nothing is under way.').waitFor()
    const { jobId } = (await idle.client.exportUser({ params: { userId: 'ada' } })).body
    const row = idle.page.locator('.records > li').filter({ hasText: 'Export' })
    await row.getByText('Waiting').waitFor()
    await row.getByRole('button', { name: 'Cancel' }).click()
    await idle.page.getByText('Nothing is under way.').waitFor()
    expect((await idle.client.getJob({ params: { jobId } })).body.status).toBe('cancelled')
    // What a session may not do is not offered, and what it may not see is not named.
    await idle.page.route('**/v1/sign-in/browser', (route) =>
      route.fulfill({ json: { kind: 'person', userId: 'ada', scopes: ['profile:read'] } }),
    )
    await idle.page.goto(`${idle.url}/people/ada/data`)
    await idle.page.getByRole('heading', { name: 'Sources', level: 2 }).waitFor()
    const names = await idle.page.getByRole('navigation', { name: 'My data' }).getByRole('link').allInnerTexts()
    expect(names).toEqual(['Sources', 'Consents', 'Sharing', 'Who saw what', 'How long'])
    expect(await idle.page.getByRole('link', { name: 'Operator' }).count()).toBe(0)
    await idle.page.goto(`${idle.url}/operator`)
    await idle.page.getByText('This page is for those who run this house.').waitFor()
  })
})
