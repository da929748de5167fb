import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface Violation {
  readonly id: string
  readonly impact: string | null
  readonly nodes: readonly { readonly target: readonly string[]; readonly failureSummary?: string }[]
}

/** What axe finds serious or critical on the page as it is shown now, by WCAG 2.2 A and AA and its best practices. */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  // By the debugger, which the page's own policy does not bind.
  await page.evaluate(axe.source)
  const violations = await page.evaluate(async () => {
    const page = globalThis as unknown as { axe: { run(): Promise<{ violations: readonly Violation[] }> } }
    return (await page.axe.run()).violations
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary}`))
}
