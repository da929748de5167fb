/**
 * The dashboard in Chromium: `node bench/dashboard.ts [--days 3650] [--rounds 7] [--store FOLDER]`. A synthetic person of ten years is
 * looked at, and one week of heart rate every five seconds beside it. Scripting is what Chromium itself counts (`Performance.getMetrics`), in time of the processor:
 * our code, ECharts, drawing on the canvas; taking an answer apart is the browser's own work and not in it. `--store` takes a store that is there already, and leaves it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { CDPSession, Page } from 'playwright-core'
import { api } from '../src/api/api.ts'
import { makeClient } from '../src/client/client.ts'
import { startServer } from '../test/e2e/server-process.ts'
import { startChromium } from '../test/engines/chromium.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({
  options: { days: { type: 'string', default: '3650' }, rounds: { type: 'string', default: '7' }, store: { type: 'string' } },
})
const rounds = Number(flags.rounds)
const DAY_MS = 86_400_000
const denseFromMs = Date.parse('2024-06-03T04:00:00Z')

const browser = await startChromium()
if ('missing' in browser) throw new Error(`This bench needs ${browser.missing}`)
const store = flags.store ?? makeStore()
const server = await startServer({ data: store, program: 'start', env: { CLARITY_RATE_LIMITS: 'off' } })
try {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' })
  await page.goto(`${server.url}/sign-in#${server.signIn}`)
  await page.waitForURL((url) => url.pathname !== '/sign-in' && url.pathname !== '/')
  const [cookie] = await context.cookies(`${server.url}/v1/`)
  await makeDensePerson(cookie?.value ?? '')
  console.log(`${cpus().length} shared cores, load ${loadavg()[0]?.toFixed(1)}, ${browser.version()}`)
  for (const metric of ['heart_rate', 'steps']) await jump(page, devtools, metric)
  await wheel(page, devtools)
  await dense(page, devtools)
} finally {
  await browser.close()
  await server.end()
  if (flags.store === undefined) rmSync(store, { recursive: true })
}

function makeStore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clarity-bench-'))
  const made = spawnSync(process.execPath, [join(import.meta.dirname, 'work/ten-years.ts'), 'make', folder, flags.days], {
    stdio: 'inherit',
  })
  if (made.status !== 0) throw new Error('The person could not be made')
  return folder
}

/** A week every five seconds: 120,960 readings. */
async function makeDensePerson(token: string): Promise<void> {
  const client = makeClient(api, { url: server.url, token })
  const people = (await client.listUsers({})).body.data
  if (people.some(({ userId }) => userId === 'dense')) return
  const stamp = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} +0000`
  const lines = Array.from({ length: (7 * DAY_MS) / 5000 }, (_, at) => {
    const when = stamp(denseFromMs + at * 5000)
    const value = Math.round(70 + 15 * Math.sin(at / 2000) + 6 * Math.sin(at * 12.9898))
    return `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="Strap" unit="count/min" creationDate="${when}" startDate="${when}" endDate="${when}" value="${value}"/>`
  })
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n<ExportDate value="${stamp(denseFromMs + 8 * DAY_MS)}"/>\n${lines.join('\n')}\n</HealthData>\n`
  const query = { newPerson: 'true', zone: 'America/New_York' } as const
  const { jobId = '' } = (await client.startImport({ params: { userId: 'dense' }, query, body, fileName: 'export.xml' })).body
  for await (const _ of (await client.followJob({ params: { jobId } })).events);
}

/** From ten years to a day, once, with nothing of the day known: click, answer, drawn. */
async function jump(page: Page, devtools: CDPSession, metric: string): Promise<void> {
  const scripts: number[] = []
  const walls: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    await open(page, `/people/robin/explore?metric=${metric}&from=2014-07-01T00:00:00Z&to=2024-07-01T04:00:00Z`, 'Days:')
    const before = await scriptMs(devtools)
    const began = performance.now()
    await page.getByRole('button', { name: '1 day', exact: true }).click()
    await settled(page, 'As measured:')
    // The first is to warm up.
    if (round > 0) scripts.push((await scriptMs(devtools)) - before)
    if (round > 0) walls.push(performance.now() - began)
  }
  say(`${metric}: ten years to one day`, `${told(scripts)} of scripting, ${told(walls)} until drawn`)
}

/** The same by the wheel, in steps as a hand makes them. */
async function wheel(page: Page, devtools: CDPSession): Promise<void> {
  await open(page, '/people/robin/explore?from=2014-07-01T00:00:00Z&to=2024-07-01T04:00:00Z', 'Days:')
  const before = await scriptMs(devtools)
  const frames = await turn(page, 40, -83)
  await settled(page, /As measured:|Minutes:/)
  const spent = (await scriptMs(devtools)) - before
  say('ten years to about a day by 40 turns of the wheel', `${(spent / 40).toFixed(1)} ms of scripting a turn, ${frames}`)
}

async function dense(page: Page, devtools: CDPSession): Promise<void> {
  const span = `from=${new Date(denseFromMs).toISOString()}&to=${new Date(denseFromMs + 7 * DAY_MS).toISOString()}`
  await open(page, `/people/dense/explore?${span}`, '5 minutes:')
  const load = await scriptMs(devtools)
  await page.getByLabel('Detail').selectOption('As measured')
  await settled(page, 'As measured: 120,')
  say('120,960 readings', `${((await scriptMs(devtools)) - load).toFixed(0)} ms of scripting for all answers and the drawing`)
  const before = await scriptMs(devtools)
  const frames = await turn(page, 40, -10)
  say(
    'moving through them by 40 turns of the wheel',
    `${(((await scriptMs(devtools)) - before) / 40).toFixed(1)} ms of scripting a turn, ${frames}`,
  )
}

/** Turns the wheel frame by frame, and says how long the frames took. */
async function turn(page: Page, times: number, deltaY: number): Promise<string> {
  const gaps = await page.evaluate<number[]>(`(async () => {
    const plot = document.querySelector('.explore-plot')
    const { left, top, width, height } = plot.getBoundingClientRect()
    const at = { clientX: left + width * 0.9, clientY: top + height / 2, deltaY: ${deltaY}, bubbles: true, cancelable: true }
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const gaps = []
    let before = await frame()
    for (let turned = 0; turned < ${times}; turned++) {
      plot.dispatchEvent(new WheelEvent('wheel', at))
      const now = await frame()
      gaps.push(now - before)
      before = now
    }
    return gaps
  })()`)
  return `frames ${told(gaps)}`
}

async function open(page: Page, path: string, says: string): Promise<void> {
  await page.goto(`${server.url}${path}`)
  await settled(page, says)
}

/** What is shown is what was asked for, and it is on the screen. */
async function settled(page: Page, says: string | RegExp): Promise<void> {
  const status = page.getByRole('status').filter({ hasText: says })
  await status.filter({ hasNotText: 'on its way' }).waitFor()
  await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))')
}

async function scriptMs(devtools: CDPSession): Promise<number> {
  const { metrics } = await devtools.send('Performance.getMetrics')
  return 1000 * (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? Number.NaN)
}

function told(values: readonly number[]): string {
  return `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`
}

function say(what: string, figures: string): void {
  console.log(`${what.padEnd(52)} ${figures}`)
}
