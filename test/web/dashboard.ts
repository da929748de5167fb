import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { api } from '../../src/api/api.ts'
import { type Client, makeClient } from '../../src/client/client.ts'
import { synthesise } from '../../src/synthetic/synthesise.ts'
import { type ServerOptions, startServer } from '../e2e/server-process.ts'

export interface Dashboard extends AsyncDisposable {
  readonly url: string
  readonly context: BrowserContext
  /** Signed in by the link that `npm start` printed. */
  readonly page: Page
  /** The API with a key of its own, beside the browser. */
  readonly client: Client<typeof api>
  /** What the page wrote to its console as an error, and what it threw. */
  readonly complaints: readonly string[]
}

export interface DashboardOptions extends BrowserContextOptions {
  readonly server?: Pick<ServerOptions, 'words' | 'env'>
  /** The address by which the browser comes to the server; absent: its own. */
  readonly through?: (url: string) => Promise<string>
}

/** `npm start` on an empty folder, and a browser that has followed its link. */
export async function openDashboard(browser: Browser, { server = {}, through, ...options }: DashboardOptions = {}): Promise<Dashboard> {
  const data = mkdtempSync(join(tmpdir(), 'clarity-web-'))
  const started = await startServer({ data, program: 'start', ...server })
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Asia/Tokyo', reducedMotion: 'reduce', ...options })
  context.setDefaultTimeout(45_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  const url = (await through?.(started.url)) ?? started.url
  await page.goto(`${url}/sign-in#${started.signIn}`)
  await page.waitForURL(({ pathname }) => pathname !== '/sign-in' && pathname !== '/')
  const [cookie] = await context.cookies(`${started.url}/v1/`)
  return {
    url: started.url,
    context,
    page,
    client: makeClient(api, { url: started.url, token: cookie?.value ?? '' }),
    complaints,
    async [Symbol.asyncDispose]() {
      await context.close()
      await started[Symbol.asyncDispose]()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

/** The synthetic person of a fixed time, imported and analysed: the same sentences and figures on any day. */
export async function makeRobin({ client }: Pick<Dashboard, 'client'>, days = 60): Promise<void> {
  const { chunks } = synthesise({ seed: 1, days, lastDate: '2026-11-15' })
  const query = { newPerson: 'true', zone: 'America/New_York' } as const
  const body = [...chunks].join('')
  const { jobId = '' } = (await client.startImport({ params: { userId: 'robin' }, query, body, fileName: 'export.xml' })).body
  for await (const _ of (await client.followJob({ params: { jobId } })).events);
}
