import { zipOf } from '../importers/zip-bytes.ts'

/** An export of an iPhone with a heart rate a minute. */
export function appleExport(device: string, samples: number): Uint8Array<ArrayBuffer> {
  const at = (n: number) => new Date(Date.UTC(2026, 2, 3, 8, n)).toISOString().replace('T', ' ').slice(0, 19)
  const records = Array.from(
    { length: samples },
    (_, n) =>
      `<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="${device}" unit="count/min" startDate="${at(n)} +0000" endDate="${at(n)} +0000" value="${60 + (n % 30)}"/>`,
  )
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n${records.join('\n')}\n</HealthData>\n`
  return new Uint8Array(zipOf([{ name: 'apple_health_export/export.xml', content: xml }]))
}
