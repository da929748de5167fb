import { insightsBetween } from '../../flows/find-insights.ts'
import { inOrder } from '../../model/in-order.ts'
import { StoredInsight } from '../../model/insight.ts'
import type { Command } from '../command.ts'
import { insightText } from '../text/insight-text.ts'
import { dateFlags, tellDates } from './dates.ts'

export const insight: Command = {
  summary: 'The daily insight, each sentence with its evidence.',
  usage: '--user ID (--date D | --from D --to D)',
  flags: dateFlags,
  run: (run) =>
    tellDates(run, insightsBetween, (found, json) => (json ? JSON.stringify(inOrder(StoredInsight, found)) : insightText(found))),
}
