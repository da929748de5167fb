import { insightsBetween } from '../../flows/find-insights.ts'
import { inOrder } from '../../model/in-order.ts'
import { StoredInsight } from '../../model/insight.ts'
import type { Command } from '../command.ts'
import { gathered, pages, type Remote } from '../remote.ts'
import { insightText } from '../text/insight-text.ts'
import { dateFlags, tellDates } from './dates.ts'

export const insight: Command = {
  summary: 'The daily insight, each sentence with its evidence.',
  usage: '--user ID (--date D | --from D --to D)',
  flags: dateFlags,
  isRemote: true,
  run: (run) =>
    tellDates(run, { command: 'insight', inStore: insightsBetween, atServer: insightsAt }, (found, json) =>
      json ? JSON.stringify(inOrder(StoredInsight, found)) : insightText(found),
    ),
}

/** The server has the newest first. */
async function insightsAt(remote: Remote, userId: string, from: string, to: string): Promise<StoredInsight[]> {
  const found = await gathered(pages((page) => remote.listInsights({ params: { userId }, query: { from, to, ...page } })))
  return found.map((each) => StoredInsight.parse(each)).sort((a, b) => (a.date < b.date ? -1 : 1))
}
