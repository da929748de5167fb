/** The careful reader of one tag: any attribute order, either quote, entities, white space. Slow and rarely used. */
export interface Tag {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly closing: boolean
  readonly selfClosing: boolean
  /** Position after the `>`. */
  readonly next: number
}

const utf8 = new TextDecoder('utf-8')
const NAME = /^[\p{L}_:][\p{L}\p{N}_:.\-·]*$/u

/** The tag at `from` (a `<`); 'incomplete' when its `>` lies beyond `to`, 'malformed' when no reading makes sense. */
export function readTag(bytes: Uint8Array, from: number, to: number): Tag | 'incomplete' | 'malformed' {
  const end = tagEnd(bytes, from, to)
  if (end < 0) return 'incomplete'
  const text = utf8.decode(bytes.subarray(from + 1, end))
  const closing = text.startsWith('/')
  const selfClosing = text.endsWith('/')
  const inner = text.slice(closing ? 1 : 0, selfClosing ? -1 : undefined)
  const name = /^[^\s/>=]+/.exec(inner)?.[0] ?? ''
  if (!NAME.test(name)) return 'malformed'
  const attributes = readAttributes(inner.slice(name.length))
  return attributes === undefined ? 'malformed' : { name, attributes, closing, selfClosing, next: end + 1 }
}

/** Position of the `>` that ends the tag at `from`, quotes respected; −1 when it is not before `to`. A `<` inside quotes means a lost quote: the tag ends there. */
export function tagEnd(bytes: Uint8Array, from: number, to: number): number {
  let quote = 0
  for (let at = from + 1; at < to; at++) {
    const byte = bytes[at] as number
    if (quote !== 0) {
      if (byte === quote) quote = 0
      else if (byte === 0x3c) return lastClose(bytes, from, at)
    } else if (byte === 0x22 || byte === 0x27) quote = byte
    else if (byte === 0x3e) return at
    else if (byte === 0x3c) return lastClose(bytes, from, at)
  }
  return -1
}

function lastClose(bytes: Uint8Array, from: number, to: number): number {
  let at = to - 1
  while (at > from && bytes[at] !== 0x3e) at--
  return at > from ? at : to - 1
}

const ATTRIBUTE = /\s*([^\s=/>"'<]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/y

function readAttributes(text: string): Map<string, string> | undefined {
  const found = new Map<string, string>()
  let at = readPlain(text, found)
  ATTRIBUTE.lastIndex = at
  for (let match = ATTRIBUTE.exec(text); match; match = ATTRIBUTE.exec(text)) {
    const name = match[1] as string
    if (found.has(name)) return undefined
    found.set(name, decodeEntities(match[2] ?? match[3] ?? ''))
    at = ATTRIBUTE.lastIndex
  }
  return text.slice(at).trim() === '' ? found : undefined
}

/** Attributes as Apple writes them, ` name="value"`, from the beginning on; gives where another form begins, or a name that is there already. */
function readPlain(text: string, found: Map<string, string>): number {
  let at = 0
  for (;;) {
    const equals = text.indexOf('="', at)
    const end = equals < 0 ? -1 : text.indexOf('"', equals + 2)
    const name = text.slice(at + 1, equals)
    if (end < 0 || text[at] !== ' ' || !/^[\w:]+$/.test(name) || found.has(name)) return at
    found.set(name, decodeEntities(text.slice(equals + 2, end)))
    at = end + 1
  }
}

const NAMED = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
])

/** The five entities of XML and character references; anything else after an `&` stays as it stands (exports contain bare ampersands). */
function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-z]{2,4}));/g, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return NAMED.get(name) ?? whole
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    return point > 0 && point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff) ? String.fromCodePoint(point) : whole
  })
}

export function decodeText(bytes: Uint8Array): string {
  return decodeEntities(utf8.decode(bytes))
}
