import axe from 'axe-core'
import type { Page, Response } from 'playwright-core'

/** What a page is checked for beside accessibility. Each is true of a good page. */
export const practices = {
  'the document says its type and charset': "document.compatMode === 'CSS1Compat' && document.characterSet === 'UTF-8'",
  'it is served from this machine or by TLS': 'isSecureContext',
  'nothing is loaded from elsewhere':
    "performance.getEntriesByType('resource').every(({ name }) => new URL(name).origin === location.origin)",
  'the policy of content lets no text run': "looked.policy.includes(\"default-src 'none'\") && !looked.policy.includes('unsafe-')",
  'text becomes markup nowhere': 'looked.policy.includes("require-trusted-types-for \'script\'")',
  'no page of elsewhere frames it or opens it':
    "looked.headers['x-frame-options'] === 'DENY' && looked.headers['cross-origin-opener-policy'] === 'same-origin'",
  'types of media are as they are said': "looked.headers['x-content-type-options'] === 'nosniff'",
  'the console is silent': 'looked.complaints.length === 0',
  'nothing of it is deprecated': 'looked.deprecations.length === 0',
  'texts are sent packed': "['script', 'stylesheet', 'document'].every((kind) => looked.kinds[kind] !== 'plain')",
  'what does not change is kept': 'looked.kept.every((header) => /immutable/.test(header))',
  'it has a title, a language, a description and an icon':
    "document.title !== '' && document.documentElement.lang !== '' && document.querySelector('meta[name=description]') !== null && document.querySelector('link[rel=icon]') !== null",
  'it is as wide as the screen and may be made larger':
    "/width=device-width/.test(document.querySelector('meta[name=viewport]')?.content) && !/user-scalable=no|maximum-scale/.test(document.querySelector('meta[name=viewport]')?.content)",
  'nothing sticks out at its side': 'document.documentElement.scrollWidth <= innerWidth',
  'pictures are as tall as they are wide by nature, and say what they show':
    "[...document.images].every(({ alt, naturalWidth, naturalHeight, width, height }) => alt !== '' && Math.abs(width / height - naturalWidth / naturalHeight) < 0.02)",
  'links lead somewhere': "[...document.links].every(({ protocol }) => protocol === 'http:' || protocol === 'https:')",
  'text may be pasted': "[...document.querySelectorAll('input, textarea')].every((field) => field.onpaste === null)",
  'no cookie is a script’s to read': "document.cookie === ''",
  'what is touched is 24 pixels large, or stands in a text':
    "[...document.querySelectorAll('button, a[href], input:not([type=file]), select, summary')].every((each) => { const { width, height } = each.getBoundingClientRect(); return width === 0 || getComputedStyle(each).display.startsWith('inline') || each.closest('.skip') !== null || (width >= 24 && height >= 24) })",
} as const

export interface Checked {
  /** 0 to 100. */
  readonly accessibility: number
  readonly practices: number
  /** What is not as it should be. */
  readonly findings: readonly string[]
}

/** What is noted of a page while it loads; ask for it before the page is gone to. */
export async function watch(page: Page): Promise<(path: string) => Promise<Checked>> {
  const session = await page.context().newCDPSession(page)
  await session.send('Audits.enable')
  let [complaints, deprecations, answers]: [string[], string[], Response[]] = [[], [], []]
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('response', (answer) => answers.push(answer))
  session.on('Audits.issueAdded', ({ issue }) => issue.code === 'DeprecationIssue' && deprecations.push(JSON.stringify(issue.details)))
  return async (url) => {
    ;[complaints, deprecations, answers] = [[], [], []]
    const answer = await page.goto(url)
    await page.locator('#content h1, #content h2').first().waitFor()
    await page.locator('.waiting').first().waitFor({ state: 'detached' })
    const headers = (await answer?.allHeaders()) ?? {}
    const looked = { complaints, deprecations, headers, policy: headers['content-security-policy'] ?? '', ...(await sendingOf(answers)) }
    const unmet = Object.entries(practices).map(async ([name, holds]) =>
      (await page.evaluate(`((looked) => ${holds})(${JSON.stringify(looked)})`)) ? [] : [name],
    )
    const missed = (await Promise.all(unmet)).flat()
    const { score, findings } = await accessibilityOf(page)
    const count = Object.keys(practices).length
    return { accessibility: score, practices: Math.round((100 * (count - missed.length)) / count), findings: [...missed, ...findings] }
  }
}

async function sendingOf(answers: readonly Response[]): Promise<{ kinds: Record<string, string>; kept: string[] }> {
  const kinds: Record<string, string> = {}
  const kept: string[] = []
  for (const answer of answers) {
    const headers = await answer.allHeaders()
    const kind = answer.request().resourceType()
    if (headers['content-encoding'] === undefined && Number(headers['content-length'] ?? 0) > 2000) kinds[kind] = 'plain'
    if (answer.url().includes('/assets/')) kept.push(headers['cache-control'] ?? '')
  }
  return { kinds, kept }
}

/** How much a finding weighs, as Lighthouse weighs audits: by its impact. */
const weights: Readonly<Record<string, number>> = { critical: 10, serious: 7, moderate: 3, minor: 1 }

interface Rule {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly target: readonly string[] }[]
}

/** Of all that axe tries on the page, the weighted share that passes. */
async function accessibilityOf(page: Page): Promise<{ score: number; findings: string[] }> {
  await page.evaluate(axe.source)
  const { passes, violations } = (await page.evaluate('axe.run()')) as { passes: readonly Rule[]; violations: readonly Rule[] }
  const weight = (rules: readonly Rule[]) => rules.reduce((sum, { impact }) => sum + (weights[impact ?? ''] ?? 7), 0)
  const [good, bad] = [weight(passes), weight(violations)]
  return {
    score: Math.round((100 * good) / (good + bad)),
    findings: violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ')}`),
  }
}
