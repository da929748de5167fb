/**
 * How soon a person reads their insight: from the address to the first sentence on the screen, in Chromium without a cache, on this machine.
 * `node bench/first-page.ts [--rounds 10]`. The server, the browser and the store share the machine's cores.
 */
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext } from 'playwright-core'
import { startChromium } from '../test/engines/chromium.ts'
import { makeRobin, openDashboard } from '../test/web/dashboard.ts'
import { median } from './measure.ts'

const { values: flags } = parseArgs({ options: { rounds: { type: 'string', default: '10' } } })
const rounds = Number(flags.rounds)

const found = await startChromium()
if ('missing' in found) throw new Error(`Not found: ${found.missing}`)
const browser: Browser = found
const dashboard = await openDashboard(browser)
await makeRobin(dashboard)
const cookies = await dashboard.context.cookies(`${dashboard.url}/v1/`)
console.log(`Chromium ${browser.version()}, ${rounds} rounds, median (least–most)`)
for (const [name, path] of [
  ['Today by its address', '/people/robin/days/2026-11-15'],
  ['Today, the latest day', '/people/robin'],
  ['from the beginning', '/'],
] as const) {
  const taken: Paint[] = []
  // The first warms the server up.
  for (let round = 0; round <= rounds; round++) taken.push(await firstPaint(path))
  const told = (of: (paint: Paint) => number) => {
    const values = taken.slice(1).map(of)
    return `${median(values).toFixed(0)} ms (${Math.min(...values).toFixed(0)}–${Math.max(...values).toFixed(0)})`
  }
  console.log(`${name}: first sentence ${told(({ sentenceMs }) => sentenceMs)}, scripting ${told(({ scriptMs }) => scriptMs)}`)
}
await dashboard[Symbol.asyncDispose]()
await browser.close()

interface Paint {
  readonly sentenceMs: number
  /** Of the page's main thread until then. */
  readonly scriptMs: number
}

async function firstPaint(path: string): Promise<Paint> {
  const context: BrowserContext = await browser.newContext({ locale: 'en-GB' })
  await context.addCookies(cookies)
  const page = await context.newPage()
  await page.addInitScript(`
    window.sentence = new Promise((resolve) => {
      const look = () => document.querySelector('.insight-first') === null
        ? requestAnimationFrame(look)
        // The frame in which it stands is over when the next begins.
        : requestAnimationFrame(() => resolve(performance.now()))
      look()
    })`)
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable')
  await page.goto(`${dashboard.url}${path}`)
  const sentenceMs = Number(await page.evaluate('window.sentence'))
  const { metrics } = await session.send('Performance.getMetrics')
  await context.close()
  return { sentenceMs, scriptMs: (metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? 0) * 1000 }
}
