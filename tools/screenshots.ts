import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { startChromium } from '../test/engines/chromium.ts'
import { makeRobin, openDashboard } from '../test/web/dashboard.ts'
import { type Picture, shrink, takePictures } from '../test/web/pictures.ts'

/**
 * The pictures of README.md, of more than a year of the synthetic person, and those that tests compare with, of sixty days:
 * `node tools/screenshots.ts [docs] [golden]`, one of them alone or both.
 */
const root = join(import.meta.dirname, '..')
const asked = process.argv.slice(2)
const found = await startChromium()
if ('missing' in found) throw new Error(`Not found: ${found.missing}`)
const browser: Browser = found
if (asked.length === 0 || asked.includes('golden')) await make('test/web/golden', 'png', 640, 60, undefined)
if (asked.length === 0 || asked.includes('docs')) showInReadme(await make('docs/pictures', 'webp', 1280, 420, 900))
await browser.close()

async function make(
  folder: string,
  type: 'png' | 'webp',
  width: number,
  days: number,
  height: number | undefined,
): Promise<readonly string[]> {
  await using dashboard = await openDashboard(browser)
  await makeRobin(dashboard, days)
  mkdirSync(join(root, folder), { recursive: true })
  const pictures = await takePictures(dashboard, height === undefined ? {} : { height })
  for (const picture of pictures) await keep(picture)
  return pictures.map(({ name }) => name)

  async function keep(picture: Picture): Promise<void> {
    const bytes = await shrink(browser, picture, width, type)
    writeFileSync(join(root, folder, `${picture.name}.${type}`), bytes)
    console.log(`${folder}/${picture.name}.${type} ${Math.round(bytes.length / 1000)} kB`)
  }
}

/** What is seen, for who does not see it. */
function said(name: string): string {
  const texts: Readonly<Record<string, string>> = {
    today: 'Today: the insight in words, the night as a hypnogram, what each rests on',
    trends: 'Trends: a metric over weeks and months against the person’s own baseline',
    explore: 'Explore: any metric over any range',
    data: 'My data: sources, sessions, consents, and who saw what',
  }
  return texts[name] ?? name
}

function showInReadme(names: readonly string[]): void {
  const path = join(root, 'README.md')
  const text = readFileSync(path, 'utf8')
  const [begin = '', end = ''] = [/<!-- pictures.*-->\n/, /<!-- end of pictures -->/].map((mark) => mark.exec(text)?.[0])
  const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)]
  const pictures = names.map((name) => `![${said(name)}](docs/pictures/${name}.webp)\n`).join('\n')
  writeFileSync(path, `${text.slice(0, from)}\n${pictures}\n${text.slice(to)}`)
}
