import type { OpenApi } from './openapi.ts'
import { type Entry, entriesOf } from './reference.ts'

/** The reference as one HTML page: no script, and nothing from elsewhere. */
export function referencePage(openapi: OpenApi): string {
  const groups = [...entriesOf(openapi)]
  const contents = groups.map(([tag]) => `<a href="#${tag}">${text(tag)}</a>`).join(' · ')
  const sections = groups.map(([tag, entries]) => `<h2 id="${text(tag)}">${text(tag)}</h2>\n${entries.map(article).join('\n')}`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Clarity Loop API</title>
<style>${style}</style></head>
<body><h1>Clarity Loop API</h1>
<p>Send <code>Authorization: Bearer</code> with an API key or an access token. Refusals are <code>application/problem+json</code> with a <code>code</code> of a closed list. Lists answer <code>{ data, nextCursor }</code>. For programs: <a href="/v1/openapi.json">openapi.json</a>.</p>
<nav>${contents}</nav>
${sections.join('\n')}
</body></html>
`
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
article { border-top: 1px solid #8886; padding: .5rem 0 1rem }
h3 { font: 600 1rem ui-monospace, monospace; overflow-wrap: anywhere; margin: .5rem 0 }
code, pre { font: .875rem ui-monospace, monospace; overflow-wrap: anywhere }
pre { overflow-x: auto; padding: .75rem; background: #8881; border-radius: .25rem }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0 }
dt { color: #777 } dd { margin: 0 }
`

function article(entry: Entry): string {
  const rows: readonly (readonly [string, string])[] = [
    ['scope', `<code>${text(entry.scope)}</code>`],
    ...entry.parameters.map(
      ({ name, where, required, says }) =>
        [where, `<code>${text(name)}</code>${required ? ' (required)' : ''}: <code>${text(says)}</code>`] as const,
    ),
    ...(entry.body === undefined ? [] : ([['body', `<code>${text(entry.body)}</code>`]] as const)),
    ['reply', `<code>${text(entry.reply)}</code>`],
    ...entry.problems.map(({ status, codes }) => [status, codes.map((code) => `<code>${text(code)}</code>`).join(' ')] as const),
  ]
  const examples = [entry.example.body, entry.example.reply].filter((example) => example !== undefined)
  return `<article id="${text(entry.name)}"><h3>${entry.method} ${text(entry.path)}</h3><p>${text(entry.summary)}</p>
<dl>${rows.map(([name, value]) => `<dt>${text(name)}</dt><dd>${value}</dd>`).join('\n')}</dl>
${examples.map((example) => `<pre>${text(example)}</pre>`).join('\n')}</article>`
}

function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
