import type { ByteSource } from '../../src/importers/byte-source.ts'

/** A file of any length that is never written: each of its pieces is made when it is read, from front to back. */
export function generated(pieces: Generator<Buffer>, length: number): ByteSource {
  const next = (): Buffer => {
    const { value, done } = pieces.next()
    if (done) throw new RangeError(`ends before ${length}`)
    return value
  }
  // The beginning is looked at more than once.
  const head = next()
  let piece = head
  let start = 0
  return {
    length,
    async read(from, to) {
      if (to <= head.length) return head.subarray(from, to)
      if (from < start) throw new RangeError(`read back to ${from}, already at ${start}`)
      const wanted = Buffer.allocUnsafe(to - from)
      let at = from
      while (at < to) {
        if (at < start + piece.length) at += piece.copy(wanted, at - from, at - start, to - start)
        else {
          start += piece.length
          piece = next()
        }
      }
      return wanted
    },
  }
}

/** An export with `count` heart rates a day, day after day, until it has about `bytes`; and how many records that makes. */
export function endlessExport(bytes: number, count: number): { source: ByteSource; records: number; length: number } {
  const head = Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<HealthData locale="en_US">\n${' '.repeat(5000)}\n`)
  const tail = Buffer.from('</HealthData>\n')
  const day = dayOfRecords(count)
  const days = Math.ceil(bytes / day.length)
  const places = datePlaces(day)
  function* pieces(): Generator<Buffer> {
    yield head
    for (let n = 0; n < days; n++) {
      // 1990 and the days after it, again and again: other samples each time, since the values of each round differ.
      const date = Buffer.from(
        Temporal.PlainDate.from('1990-01-01')
          .add({ days: n % 11_000 })
          .toString(),
      )
      for (const at of places) date.copy(day, at)
      yield day
    }
    yield tail
  }
  const length = head.length + days * day.length + tail.length
  return { source: generated(pieces(), length), records: days * count, length }
}

function dayOfRecords(count: number): Buffer {
  const second = (n: number) => Math.floor((n * 86_400) / count)
  const p2 = (n: number) => String(n).padStart(2, '0')
  const lines = Array.from({ length: count }, (_, n) => {
    const time = `${p2(Math.floor(second(n) / 3600))}:${p2(Math.floor(second(n) / 60) % 60)}:${p2(second(n) % 60)}`
    const at = `1990-01-01 ${time} +0000`
    const device =
      '&lt;&lt;HKDevice: 0x30a1b2c3d&gt;, name:Apple Watch, manufacturer:Apple Inc., model:Watch, hardware:Watch7,5, software:10.1&gt;'
    const head = `sourceName="Watch" sourceVersion="10.1" device="${device}" unit="count/min" creationDate="${at}" startDate="${at}" endDate="${at}"`
    return ` <Record type="HKQuantityTypeIdentifierHeartRate" ${head} value="${40 + (n % 120)}">\n  <MetadataEntry key="HKMetadataKeyHeartRateMotionContext" value="${n % 3}"/>\n </Record>\n`
  })
  return Buffer.from(lines.join(''))
}

function datePlaces(day: Buffer): number[] {
  const places: number[] = []
  for (let at = day.indexOf('1990-01-01'); at >= 0; at = day.indexOf('1990-01-01', at + 1)) places.push(at)
  return places
}
