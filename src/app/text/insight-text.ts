import type { Evidence, StoredInsight } from '../../model/insight.ts'
import { reasonLines } from './reasons-text.ts'

/** An insight as lines for a terminal, each sentence with the values behind it. */
export function insightText(insight: StoredInsight): string {
  const { data, metadata, evidence, date } = insight
  const narrative = insight.narrative ?? { summary: '', recommendations: [], achievements: [] }
  const lines = [`${date}  (confidence ${metadata.confidence})`, '', wrap(narrative.summary, '  '), '']
  const told = (title: string, place: string, sentences: readonly string[]) => {
    if (sentences.length === 0) return
    lines.push(`  ${title}`)
    for (const [at, sentence] of sentences.entries())
      lines.push(wrap(sentence, '    ', '  · '), ...behind(evidence[`${place}/${at}`] ?? []))
    lines.push('')
  }
  told('Sleep', '/data/sleepAnalysis/insights', data.sleepAnalysis?.insights ?? [])
  told('Activity', '/data/activityAnalysis/insights', data.activityAnalysis?.insights ?? [])
  told('Heart', '/data/heartRateAnalysis/insights', data.heartRateAnalysis?.insights ?? [])
  told('Achieved', '/narrative/achievements', narrative.achievements)
  told('To try', '/narrative/recommendations', narrative.recommendations)
  lines.push(...reasonLines(insight.reasons))
  return lines.join('\n').trimEnd()
}

const EVIDENCE = 4

function behind(evidence: readonly Evidence[]): string[] {
  return evidence.slice(0, EVIDENCE).map(({ metric, value, unit, window, baseline }) => {
    const usual = baseline === undefined ? '' : `; usual ${short(baseline.median)} ± ${short(baseline.mad)} over ${baseline.n}`
    return `        ${metric} ${short(value)} ${unit} [${window}]${usual}`
  })
}

function short(value: number): string {
  return String(Math.round(value * 100) / 100)
}

const COLUMNS = 96

function wrap(text: string, indent: string, first = indent): string {
  const lines: string[] = []
  let line = first
  for (const word of text.split(' ')) {
    if (line.length + word.length > COLUMNS && line.trim() !== '') {
      lines.push(line.trimEnd())
      line = indent
    }
    line += `${word} `
  }
  return [...lines, line.trimEnd()].join('\n')
}
