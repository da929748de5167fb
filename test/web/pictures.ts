import { setTimeout } from 'node:timers/promises'
import type { Browser, Page, Request } from 'playwright-core'
import type { Dashboard } from './dashboard.ts'

/** As the page is shown, by its name in the navigation. */
export interface Picture {
  readonly name: string
  readonly png: Buffer
}

/** Whole, and no longer under way. */
const DATE = '2026-11-14'
const NOW = new Date('2026-11-16T12:00:00-05:00')

/** The address below a person of a page that shows another day by itself than the pictures do. */
const instead: Readonly<Record<string, string>> = { today: `/days/${DATE}` }

/** Every page of `robin` that navigation leads to, in light colours, at one time and in one size. */
export async function takePictures({ page, url, client }: Dashboard, { height }: { readonly height?: number } = {}): Promise<Picture[]> {
  await trendsOf(client)
  await page.clock.setFixedTime(NOW)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize({ width: 1280, height: height ?? 800 })
  await page.goto(`${url}/people/robin/days/${DATE}`)
  const links = await page.getByRole('navigation', { name: 'Pages' }).getByRole('link').all()
  const paths = await Promise.all(links.map(async (link) => (await link.getAttribute('href')) ?? ''))
  const own = paths.filter((path) => path.startsWith('/people/'))
  const pictures: Picture[] = []
  const isQuiet = watchRequests(page)
  for (const path of own) {
    const name = path.split('/')[3] ?? 'today'
    await page.goto(`${url}${instead[name] === undefined ? path : `/people/robin${instead[name]}`}`)
    pictures.push({ name, png: await settled(page, isQuiet, height === undefined) })
  }
  return pictures
}

/** Weeks of sixty days; a worker makes them after the days. */
const WEEKS = 8

/** Resolves once the trends of `robin` are there, and no work is left to be done. */
async function trendsOf(client: Dashboard['client']): Promise<void> {
  for (;;) {
    const { data } = (await client.listTrends({ params: { userId: 'robin' }, query: { type: 'weekly', limit: 100 } })).body
    const { counts } = (await client.getMonitoring({})).body
    const isAtRest = counts.jobs.pending.count + counts.jobs.processing.count === 0
    if (data.length >= WEEKS && isAtRest) return
    await setTimeout(200)
  }
}

/** Whether nothing that was asked for is still to come; live changes never end. */
function watchRequests(page: Page): () => boolean {
  const pending = new Set<Request>()
  page.on('request', (request) => request.url().includes('/events') || pending.add(request))
  page.on('requestfinished', (request) => pending.delete(request))
  page.on('requestfailed', (request) => pending.delete(request))
  return () => pending.size === 0
}

const MOST_LOOKS = 200
const ALL_DRAWN = "[...document.querySelectorAll('.chart, .explore-plot')].every((each) => each.querySelector('canvas') !== null)"

/** The page once nothing is on its way, every drawing is there and two looks see the same. */
async function settled(page: Page, isQuiet: () => boolean, fullPage: boolean): Promise<Buffer> {
  await page.locator('#content h1, #content h2').first().waitFor()
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  let before: Buffer = Buffer.alloc(0)
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    await page.locator('.waiting').first().waitFor({ state: 'detached' })
    const isReady = isQuiet() && (await page.evaluate(ALL_DRAWN))
    const now = await page.screenshot({ fullPage, caret: 'hide', animations: 'disabled' })
    if (isReady && now.equals(before)) return now
    before = isReady ? now : Buffer.alloc(0)
  }
  throw new Error(`${page.url()} does not come to rest`)
}

/** Smaller, so that a changed edge of a letter is nothing and a moved line is much. */
export async function shrink(browser: Browser, { png }: Pick<Picture, 'png'>, width: number, type: 'png' | 'webp'): Promise<Buffer> {
  const text = await inBrowser(
    browser,
    `
    const bitmap = await bitmapOf(${JSON.stringify(png.toString('base64'))})
    const canvas = new OffscreenCanvas(${width}, Math.round(bitmap.height * ${width} / bitmap.width))
    const context = canvas.getContext('2d')
    context.imageSmoothingQuality = 'high'
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    const blob = await canvas.convertToBlob({ type: 'image/${type}', quality: 0.85 })
    const bytes = new Uint8Array(await blob.arrayBuffer())
    let text = ''
    for (const byte of bytes) text += String.fromCharCode(byte)
    return btoa(text)`,
  )
  return Buffer.from(String(text), 'base64')
}

/** The share of pixels that differ so that one sees it, 0 to 1; 1 where the sizes differ by more than a line. */
export async function differenceOf(browser: Browser, one: Buffer, other: Buffer): Promise<number> {
  const share = await inBrowser(
    browser,
    `
    const [one, other] = await Promise.all(${JSON.stringify([one, other].map((png) => png.toString('base64')))}.map(bitmapOf))
    if (one.width !== other.width || Math.abs(one.height - other.height) > 8) return 1
    const [width, height] = [one.width, Math.min(one.height, other.height)]
    const pixels = (bitmap) => {
      const context = new OffscreenCanvas(width, height).getContext('2d')
      context.drawImage(bitmap, 0, 0)
      return context.getImageData(0, 0, width, height).data
    }
    const [a, b] = [pixels(one), pixels(other)]
    let different = 0
    for (let at = 0; at < a.length; at += 4)
      if (Math.max(Math.abs(a[at] - b[at]), Math.abs(a[at + 1] - b[at + 1]), Math.abs(a[at + 2] - b[at + 2])) > 40) different++
    return different / (width * height)`,
  )
  return Number(share)
}

async function inBrowser(browser: Browser, body: string): Promise<unknown> {
  const page = await browser.newPage()
  try {
    return await page.evaluate(`(async () => {
      const bitmapOf = async (text) => createImageBitmap(await (await fetch('data:image/png;base64,' + text)).blob())
      ${body}
    })()`)
  } finally {
    await page.close()
  }
}
