import { at } from './samples.ts'

/**
 * Rules that call an RR interval no beat of the sinus node: 1 for each that falls. All compare with what lies around, so the first and
 * (for Karlsson) the last are never judged. Intervals in ms.
 */
export type RrFilter = (rrMs: Float64Array) => Uint8Array

/** Outside 300–2,000 ms, that is 30–200 beats a minute. */
export const outsideRange: RrFilter = (rrMs) => Uint8Array.from(rrMs, (rr) => (rr >= 300 && rr <= 2000 ? 0 : 1))

/** More than 20 % from the interval accepted before it (Malik 1989, Eur Heart J 10:1060). */
export const malikFilter: RrFilter = (rrMs) => againstAccepted(rrMs, (rr, before) => Math.abs(rr - before) > 0.2 * before)

/** More than 32.5 % longer or 24.5 % shorter than the interval accepted before it (Kamath & Fallen 1995). */
export const kamathFilter: RrFilter = (rrMs) =>
  againstAccepted(rrMs, (rr, before) => rr - before > 0.325 * before || before - rr > 0.245 * before)

/** More than 20 % from the mean of both neighbours (Karlsson 2012, BioMed Eng OnLine 11:2). */
export const karlssonFilter: RrFilter = (rrMs) =>
  rrMs.reduce((mask, rr, i) => {
    const around = (at(rrMs, i - 1) + at(rrMs, i + 1)) / 2
    mask[i] = Math.abs(rr - around) > 0.2 * around ? 1 : 0
    return mask
  }, new Uint8Array(rrMs.length))

/** More than 20 % from the mean of the nine intervals accepted before it (Acar 2000, Med Biol Eng Comput 38:272). */
export const acarFilter: RrFilter = (rrMs) => {
  const mask = new Uint8Array(rrMs.length)
  const accepted: number[] = []
  rrMs.forEach((rr, i) => {
    const nine = accepted.slice(-9)
    const mean = nine.reduce((sum, each) => sum + each, 0) / 9
    if (nine.length === 9 && Math.abs(rr - mean) > 0.2 * mean) mask[i] = 1
    else accepted.push(rr)
  })
  return mask
}

function againstAccepted(rrMs: Float64Array, isOff: (rr: number, before: number) => boolean): Uint8Array {
  const mask = new Uint8Array(rrMs.length)
  let before = at(rrMs, 0)
  for (let i = 1; i < rrMs.length; i++) {
    if (isOff(at(rrMs, i), before)) mask[i] = 1
    else before = at(rrMs, i)
  }
  return mask
}
