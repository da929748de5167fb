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
    const { jobId = '' } = (
      await client.startImport({ params: { userId: 'ada' }, query, body: '<?xml version="1.0"?><list/>', fileName: 'list.xml' })
    ).body
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
    const [failed] = (await client.listJobs({ query: { status: 'failed' } })).body.data
    await row.getByRole('button', { name: 'Try again' }).click()
    const startOf = async () => {
      const { body } = await client.getJob({ params: { jobId: failed?.jobId ?? '' } })
      return body.status === 'failed' ? body.startedAt : undefined
    }
    const before = failed?.status === 'failed' ? failed.startedAt : undefined
    await expect.poll(async () => ![undefined, before].includes(await startOf()), { timeout: 15_000 }).toBe(true)
  })

  test('a model shows what it was trained on, what was measured, and which version is in use', async () => {
    const { client } = dashboard
    // A night that the shipped model stages.
    const { jobId = '' } = (await client.makeSynthetic({ body: { userId: 'bob', days: 14, seed: 1 } })).body
    for await (const _ of (await client.followJob({ params: { jobId } })).events);
    await expect.poll(async () => (await client.listModels({})).body.data.length, { timeout: 15_000 }).toBe(1)
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
    await people.getByText('2', { exact: true }).waitFor()
    await client.createUser({ body: { userId: 'eve', profile: { email: 'eve@example.org', displayName: 'Eve' } } })
    await people.getByText('3', { exact: true }).waitFor()
    expect(await seriousFindings(page)).toEqual([])
  })

  test('what grows old is looked at without touching it, then done; a hold is placed and released', async () => {
    const { client } = dashboard
    await open('Lifecycle')
    await page.getByText('It has not run yet.').waitFor()
    await page.getByLabel('As of').fill('2040-01-01')
    await page.getByRole('button', { name: 'Look, change nothing' }).click()
    await page.getByText(/to archive, \d+ to destroy/).waitFor()
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

  test('the audit log is checked in the browser, and an entry that was changed on its way is found', async () => {
    const { client, url } = dashboard
    const { key } = (await client.createKey({ body: { kind: 'auditor' } })).body
    expect((await fetch(`${url}/v1/users`, { headers: { authorization: `Bearer ${key}` } })).status).toBe(403)
    // Entries are told once they are sealed.
    const refused = async () => (await client.listAuditLogs({ query: { outcome: 'deny' } })).body.data.length
    await expect.poll(refused, { timeout: 20_000 }).toBeGreaterThan(0)
    await open('Audit log')
    await page.getByText(/Checked in this browser: entries \d+ to \d+ are as they were sealed/).waitFor()
    expect(await seriousFindings(page)).toEqual([])
    await page.getByLabel('Outcome').selectOption('refused')
    await page.getByRole('cell', { name: 'allowed' }).first().waitFor({ state: 'detached' })
    await page.getByRole('cell', { name: 'forbidden' }).first().waitFor()
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
})
