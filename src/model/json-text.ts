import { Problem } from './problem.ts'

/** A part of a text: from included, to excluded. */
export interface Span {
  readonly from: number
  readonly to: number
}

const [QUOTE, BACKSLASH, COMMA, COLON, SPACE] = [0x22, 0x5c, 0x2c, 0x3a, 0x20]
const [BRACKET, BRACE] = [0x5b, 0x7b]
const [BRACKET_END, BRACE_END] = [0x5d, 0x7d]

/**
 * Where the value at a path of names stands in the JSON text of an object, without reading the rest of it; undefined where there is none. The
 * text is one that a program wrote: names stand in it without needless escapes, none twice. Throws `Problem('storage_corrupt')` where it
 * breaks off before.
 */
export function spanOf(text: string, names: readonly string[]): Span | undefined {
  let span: Span | undefined = { from: 0, to: text.length }
  for (const name of names) {
    if (span === undefined || text.charCodeAt(span.from) !== BRACE) return undefined
    span = fieldIn(text, span.from + 1, name)
  }
  return span
}

/** The value there. */
export function valueIn(text: string, names: readonly string[]): unknown {
  const span = spanOf(text, names)
  return span && JSON.parse(text.slice(span.from, span.to))
}

export function replaced(text: string, { from, to }: Span, value: unknown): string {
  return text.slice(0, from) + JSON.stringify(value) + text.slice(to)
}

function fieldIn(text: string, start: number, name: string): Span | undefined {
  for (let at = start; ; ) {
    at = pastGap(text, at)
    const code = text.charCodeAt(at)
    if (code === BRACE_END) return undefined
    if (code !== QUOTE) throw brokenOff()
    const end = pastString(text, at)
    const isIt = end - at - 2 === name.length && text.startsWith(name, at + 1)
    const from = pastGap(text, end)
    at = pastValue(text, from)
    if (isIt) return { from, to: at }
  }
}

/** White space, and what stands between names and values. */
function pastGap(text: string, start: number): number {
  let at = start
  for (let code = text.charCodeAt(at); code <= SPACE || code === COMMA || code === COLON; code = text.charCodeAt(at)) at += 1
  return at
}

function pastValue(text: string, from: number): number {
  const code = text.charCodeAt(from)
  if (code === QUOTE) return pastString(text, from)
  if (code === BRACE || code === BRACKET) return pastNested(text, from)
  for (let at = from; at < text.length; at++) if (endsLiteral(text.charCodeAt(at))) return at
  throw brokenOff()
}

function endsLiteral(code: number): boolean {
  return code === COMMA || code === BRACE_END || code === BRACKET_END || code <= SPACE
}

function pastNested(text: string, from: number): number {
  let depth = 0
  for (let at = from; at < text.length; ) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = pastString(text, at)
      continue
    }
    at += 1
    if (code === BRACE || code === BRACKET) depth += 1
    else if (code === BRACE_END || code === BRACKET_END) depth -= 1
    if (depth === 0) return at
  }
  throw brokenOff()
}

function pastString(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    at = text.indexOf('"', at)
    if (at < 0) throw brokenOff()
    if (!isEscaped(text, at)) return at + 1
  }
}

/** After an odd number of backslashes. */
function isEscaped(text: string, at: number): boolean {
  let before = at
  while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1
  return (at - before) % 2 === 1
}

function brokenOff(): Problem {
  return new Problem('storage_corrupt', 'The text of a document breaks off.')
}
