type Attributes = Readonly<Record<string, string | undefined>>

/** A small export: what stands in `body` between Apple's first lines and the end. */
export function exportOf(body: string, prolog = '<?xml version="1.0" encoding="UTF-8"?>\n'): string {
  return `${prolog}<HealthData locale="en_US">\n <ExportDate value="2024-02-01 09:00:00 +0000"/>\n${body}</HealthData>\n`
}

export function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}

/** An element as Apple writes it; an attribute that is undefined is left out. */
export function element(name: string, attributes: Attributes, children = ''): string {
  const words = Object.entries(attributes).flatMap(([key, value]) => (value === undefined ? [] : [` ${key}="${escapeXml(value)}"`]))
  return `<${name}${words.join('')}${children === '' ? '/>\n' : `>\n${children}</${name}>\n`}`
}

export const HEART_RATE = 'HKQuantityTypeIdentifierHeartRate'
export const STEPS = 'HKQuantityTypeIdentifierStepCount'
export const WEIGHT = 'HKQuantityTypeIdentifierBodyMass'
export const SLEEP = 'HKCategoryTypeIdentifierSleepAnalysis'

/** A heart rate of 61/min at noon UTC on 20 January 2024, but for what is given. `at` sets start and end. */
export function record({ at = '2024-01-20 12:00:00 +0000', ...attributes }: Attributes = {}, children = ''): string {
  const usual = { type: HEART_RATE, sourceName: 'Watch', unit: 'count/min', creationDate: at, startDate: at, endDate: at, value: '61' }
  return element(
    'Record',
    { ...usual, ...(attributes.startDate !== undefined && { creationDate: attributes.startDate }), ...attributes },
    children,
  )
}

export function metadata(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => element('MetadataEntry', { key, value }))
    .join('')
}

/** `count` heart rates, a minute apart. */
export function heartRates(count: number): string {
  const minute = (n: number) => `2024-01-20 ${String(Math.floor(n / 60) % 24).padStart(2, '0')}:${String(n % 60).padStart(2, '0')}:00 +0000`
  return Array.from({ length: count }, (_, n) => record({ at: minute(n), value: String(50 + (n % 90)) })).join('')
}
