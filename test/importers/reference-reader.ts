/** What a record says, read the slow and obvious way. */
export interface ReferenceRecord {
  readonly type: string
  readonly source: string
  readonly device: string | undefined
  readonly startMs: number
  readonly endMs: number
  readonly value: string | undefined
  readonly unit: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly beats: number
}

/** A reader of small, well-formed exports made of one expression and strings: too slow for a real one, and easy to trust. */
export function readSlowly(text: string): ReferenceRecord[] {
  const found: ReferenceRecord[] = []
  const body = text.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>/gs, '')
  for (const [, head = '', children = ''] of body.matchAll(/<Record\b((?:[^>"']|"[^"]*"|'[^']*')*?)(?:\/>|>(.*?)<\/Record\s*>)/gs)) {
    const attributes = attributesOf(head)
    const startMs = instant(attributes.get('startDate'))
    const endMs = instant(attributes.get('endDate'))
    const [type, source] = [attributes.get('type'), attributes.get('sourceName')]
    if (!type || !source || !(endMs >= startMs)) continue
    const entries = [...children.matchAll(/<MetadataEntry\b((?:[^>"']|"[^"]*"|'[^']*')*?)\/?>/gs)].map(([, words = '']) =>
      attributesOf(words),
    )
    found.push({
      type,
      source,
      device: attributes.get('device')?.replace(/^<<HKDevice: 0x\w+>, (.*)>$/s, '$1'),
      startMs,
      endMs,
      value: attributes.get('value'),
      unit: attributes.get('unit'),
      metadata: Object.fromEntries(entries.map((entry) => [entry.get('key') ?? '', entry.get('value') ?? ''])),
      beats: children.split('<InstantaneousBeatsPerMinute').length - 1,
    })
  }
  return found
}

function attributesOf(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/([\w:]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map(([, name = '', double, single]) => [
      name,
      plain(double ?? single ?? ''),
    ]),
  )
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plain(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi, (_, hex, decimal, name) =>
    name ? (named[name] ?? '') : String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(decimal)),
  )
}

function instant(text: string | undefined): number {
  const [, date, time, hours, minutes] = /^(\S+) (\S+) ([+-]\d\d)(\d\d)$/.exec(text ?? '') ?? []
  return date === undefined ? Number.NaN : Temporal.Instant.from(`${date}T${time}${hours}:${minutes}`).epochMilliseconds
}
