import { spawnSync } from 'node:child_process'
import { type Browser, chromium } from 'playwright-core'

const programs = ['chromium', 'chromium-browser', 'google-chrome']

/** A browser without a window: `CLARITY_TEST_CHROMIUM`, else the system's. */
export async function startChromium(): Promise<Browser | { readonly missing: string }> {
  const program = process.env.CLARITY_TEST_CHROMIUM ?? programs.map(pathOf).find((path) => path !== undefined)
  if (program === undefined) return { missing: 'Chromium (apt-get install chromium, or set CLARITY_TEST_CHROMIUM)' }
  // Its own walls cannot be built by root, who runs tests in containers.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return chromium.launch({ executablePath: program, args })
}

function pathOf(program: string): string | undefined {
  const found = spawnSync('which', [program], { encoding: 'utf8' })
  return found.status === 0 ? found.stdout.trim() : undefined
}
