/** Minutes from `b` to `a` the short way round the clock, −720 to 720. */
export function clockDifference(a: number, b: number): number {
  return modulo(a - b + 720, 1440) - 720
}

/** Of minutes of the day, round the clock. */
export function circularMean(minutes: readonly number[]): number {
  const turn = (2 * Math.PI) / 1440
  const sine = minutes.reduce((sum, value) => sum + Math.sin(value * turn), 0)
  const cosine = minutes.reduce((sum, value) => sum + Math.cos(value * turn), 0)
  return modulo(Math.atan2(sine, cosine) / turn, 1440)
}

export function modulo(value: number, size: number): number {
  return ((value % size) + size) % size
}
