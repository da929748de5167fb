const devices = {
  watch: 'model:Watch',
  phone: 'model:iPhone',
  app: undefined,
} as const

export interface RecordOf {
  /** Without the prefix of its kind: `StepCount`, `SleepAnalysis`. */
  readonly type: string
  readonly device: keyof typeof devices
  /** With offset, as Apple writes it: `2024-06-12 08:00:00 -0400`. */
  readonly start: string
  readonly end?: string
  readonly value: number | string
  readonly unit?: string
  readonly metadata?: Readonly<Record<string, string>>
}

/** One element of an export.xml. A value in words makes it a category. */
function recordText({ type, device, start, end = start, value, unit, metadata = {} }: RecordOf): string {
  const kind = typeof value === 'number' ? 'Quantity' : 'Category'
  const made = devices[device]
  const attributes = {
    type: `HK${kind}TypeIdentifier${type}`,
    sourceName: `Robin’s ${device}`,
    sourceVersion: '1',
    ...(made !== undefined && { device: `&lt;&lt;HKDevice: 0x300000000&gt;, name:${device}, manufacturer:Apple Inc., ${made}&gt;` }),
    ...(unit !== undefined && { unit }),
    creationDate: end,
    startDate: start,
    endDate: end,
    value,
  }
  const entries = Object.entries(metadata).map(([key, said]) => `  <MetadataEntry key="${key}" value="${said}"/>\n`)
  const head = ` <Record ${attributesText(attributes)}`
  return entries.length === 0 ? `${head}/>` : `${head}>\n${entries.join('')} </Record>`
}

/** `me`: attributes of the person without their prefix, such as `DateOfBirth`. */
export function exportText(records: readonly RecordOf[], me: Readonly<Record<string, string>> = {}): string {
  const person = Object.entries(me).map(([name, value]) => [`HKCharacteristicTypeIdentifier${name}`, value])
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<HealthData locale="en_US">',
    ' <ExportDate value="2024-12-01 08:00:00 -0500"/>',
    ` <Me ${attributesText(Object.fromEntries(person))}/>`,
    ...records.map(recordText),
    '</HealthData>',
  ]
  return `${lines.join('\n')}\n`
}

function attributesText(attributes: Readonly<Record<string, string | number>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')
}

/** A count of steps between two times of a date in New York's summer, `08:00` to `09:00`. */
export function steps(device: RecordOf['device'], date: string, from: string, to: string, value: number): RecordOf {
  return { type: 'StepCount', device, start: `${date} ${from}:00 -0400`, end: `${date} ${to}:00 -0400`, value, unit: 'count' }
}
