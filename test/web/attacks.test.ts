import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChromium } from '../engines/chromium.ts'
import { describeEngine } from '../engines/describe-engine.ts'
import { type Dashboard, makeRobin, openDashboard } from './dashboard.ts'

const engine = await startChromium()

describeEngine('pages of elsewhere, in Chromium', engine, (browser: Browser) => {
  const date = '2026-11-14'
  let dashboard: Dashboard
  let elsewhere = ''
  // Another program of the same machine: to browsers the same site, and cookies do not tell ports apart.
  const other = createServer((_, reply) => reply.setHeader('content-type', 'text/html').end('<!doctype html><title>Elsewhere</title>'))
  beforeAll(async () => {
    dashboard = await openDashboard(browser)
    await makeRobin(dashboard)
    await once(other.listen(0, '127.0.0.1'), 'listening')
    elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    other.close()
    await dashboard[Symbol.asyncDispose]()
    await browser.close()
  })

  test('the session opens the API to the page, and is out of reach of its scripts', async () => {
    const { page } = dashboard
    expect(await page.evaluate('document.cookie')).toBe('')
    expect(await page.evaluate(statusOf("fetch('/v1/users', { headers: { 'x-requested-by': 'test' } })"))).toBe(200)
    expect(await page.evaluate(statusOf("fetch('/v1/users')"))).toBe(401)
  })

  test.each([
    ['reads', "fetch(to + '/v1/users', { credentials: 'include' })"],
    ['reads and says who it is', "fetch(to + '/v1/users', { credentials: 'include', headers: { 'x-requested-by': 'x' } })"],
    ['erases', "fetch(to + '/v1/users/robin', { method: 'DELETE', credentials: 'include' })"],
    ['erases without looking', "fetch(to + '/v1/users/robin', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' })"],
  ])('a page of another port that %s gets nothing', async (_, call) => {
    const { context, url, client } = dashboard
    const page = await context.newPage()
    await page.goto(elsewhere)
    const got = await page.evaluate(
      `(async (to) => { try { return (await ${call}).status } catch { return 'refused' } })(${JSON.stringify(url)})`,
    )
    expect(['refused', 0]).toContain(got)
    expect((await client.getUser({ params: { userId: 'robin' } })).status).toBe(200)
    await page.close()
  })

  test('a form of another port is nobody', async () => {
    const { context, url, client } = dashboard
    const page = await context.newPage()
    await page.goto(elsewhere)
    await page.evaluate(`(() => {
        const form = Object.assign(document.createElement('form'), { method: 'post', action: ${JSON.stringify(url)} + '/v1/synthetic-people', enctype: 'text/plain' })
        form.append(Object.assign(document.createElement('input'), { name: '{"userId":"mallory","x":"', value: '"}' }))
        document.body.append(form)
        form.append(Object.assign(document.createElement('button'), { textContent: 'Send' }))
      })()`)
    const [answer] = await Promise.all([
      page.waitForResponse(`${url}/v1/synthetic-people`),
      page.getByRole('button', { name: 'Send' }).click(),
    ])
    expect(answer.status()).toBe(401)
    expect((await client.listUsers({})).body.data.map(({ userId }) => userId)).toEqual(['robin'])
    await page.close()
  })

  test('the dashboard is shown in nobody’s frame', async () => {
    const { context, url } = dashboard
    const page = await context.newPage()
    await page.goto(elsewhere)
    await page.evaluate(`document.body.innerHTML = '<iframe src="' + ${JSON.stringify(url)} + '/people/robin"></iframe>'`)
    await page.waitForFunction('document.querySelector("iframe").contentDocument === null')
    expect(page.frames().filter((frame) => frame.url().startsWith(url))).toEqual([])
    await page.close()
  })

  test('names that would be markup are shown as they are', async () => {
    const { page, url, client } = dashboard
    const canary = '<img src=x onerror="window.caught=1"><script>window.caught=1</script>'
    const [startTime, endTime] = [`${date}T12:00:00-05:00`, `${date}T13:00:00-05:00`]
    await client.addSessions({
      params: { userId: 'robin' },
      body: JSON.stringify({
        sessionInfo: { sessionId: 'walk', startTime, endTime, dataSource: canary, dataTypes: ['steps'] },
        source: { name: canary, kind: 'manual' },
        series: { steps: { unit: '{steps}', samples: [{ startTime, endTime, value: 3210 }] } },
      }),
    })
    await page.goto(`${url}/people/robin/days/${date}`)
    const steps = page.getByRole('region', { name: 'Steps by hour' })
    await steps.getByText(canary).first().waitFor()
    // The figure under the pointer is drawn, by the same name.
    await steps.locator('canvas').hover({ position: { x: 400, y: 120 } })
    await page.getByRole('region', { name: 'Movement' }).getByRole('button').first().click()
    await page.getByRole('dialog').getByText(canary).first().waitFor()
    expect(await page.evaluate('window.caught')).toBe(undefined)
    expect(await page.locator('img').count()).toBe(0)
  })

  test('who signs out is out, also with a copy of the cookie', async () => {
    const { page, context, url } = dashboard
    const [cookie] = await context.cookies(`${url}/v1/`)
    await page.goto(`${url}/people/robin`)
    await page.getByLabel('Appearance and language').click()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    expect(await context.cookies(`${url}/v1/`)).toEqual([])
    const headers = { authorization: `Bearer ${cookie?.value}` }
    await expect.poll(async () => (await fetch(`${url}/v1/users`, { headers })).status, { timeout: 10_000 }).toBe(401)
  })
})

function statusOf(call: string): string {
  return `${call}.then((reply) => reply.status)`
}
