import { at } from './samples.ts'

export interface Spectrum {
  /** Hz, ascending from 0. */
  readonly frequency: Float64Array
  /** Power density, unit² / Hz. */
  readonly density: Float64Array
}

/**
 * Power spectral density by Welch 1967 (IEEE Trans Audio Electroacoust 15:70): segments of `length` values (a power of two) that overlap
 * by half, each without its mean, under a Hann window; one-sided. Empty with fewer values than a segment.
 */
export function welchSpectrum(values: Float64Array, perSecond: number, length = 256): Spectrum {
  const window = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length))
  const power = window.reduce((sum, weight) => sum + weight * weight, 0)
  const density = new Float64Array(length / 2 + 1)
  let segments = 0
  for (let from = 0; from + length <= values.length; from += length / 2) {
    const segment = values.subarray(from, from + length)
    const mean = segment.reduce((sum, value) => sum + value, 0) / length
    const { real, imaginary } = fourier(segment.map((value, i) => (value - mean) * at(window, i)))
    for (let k = 0; k < density.length; k++) density[k] = at(density, k) + at(real, k) ** 2 + at(imaginary, k) ** 2
    segments++
  }
  if (segments === 0) return { frequency: new Float64Array(0), density: new Float64Array(0) }
  const isDoubled = (k: number) => k > 0 && k < length / 2
  return {
    frequency: density.map((_, k) => (k * perSecond) / length),
    density: density.map((sum, k) => ((isDoubled(k) ? 2 : 1) * sum) / (segments * power * perSecond)),
  }
}

/** Power between `fromHz` (included) and `toHz` (excluded), by the trapezoid rule; 0 of fewer than two frequencies. */
export function bandPower({ frequency, density }: Spectrum, fromHz: number, toHz: number): number {
  let power = 0
  for (let k = 1; k < frequency.length; k++) {
    if (at(frequency, k - 1) < fromHz || at(frequency, k) >= toHz) continue
    power += ((at(density, k) + at(density, k - 1)) / 2) * (at(frequency, k) - at(frequency, k - 1))
  }
  return power
}

/** Discrete Fourier transform of real values, a power of two of them (Cooley & Tukey 1965). */
function fourier(values: Float64Array): { readonly real: Float64Array; readonly imaginary: Float64Array } {
  const n = values.length
  const real = new Float64Array(n)
  const imaginary = new Float64Array(n)
  const bits = Math.log2(n)
  for (let i = 0; i < n; i++) real[reversed(i, bits)] = at(values, i)
  for (let size = 2; size <= n; size *= 2) {
    for (let from = 0; from < n; from += size) butterflies(real, imaginary, from, size)
  }
  return { real, imaginary }
}

function butterflies(real: Float64Array, imaginary: Float64Array, from: number, size: number): void {
  const half = size / 2
  for (let k = 0; k < half; k++) {
    const angle = (-2 * Math.PI * k) / size
    const low = from + k
    const high = low + half
    const re = at(real, high) * Math.cos(angle) - at(imaginary, high) * Math.sin(angle)
    const im = at(real, high) * Math.sin(angle) + at(imaginary, high) * Math.cos(angle)
    real[high] = at(real, low) - re
    imaginary[high] = at(imaginary, low) - im
    real[low] = at(real, low) + re
    imaginary[low] = at(imaginary, low) + im
  }
}

function reversed(index: number, bits: number): number {
  let result = 0
  for (let bit = 0; bit < bits; bit++) result = (result << 1) | ((index >>> bit) & 1)
  return result
}
