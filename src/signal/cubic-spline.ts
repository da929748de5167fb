import { at } from './samples.ts'

/**
 * Values of the cubic spline through (x, y) at each of `where`, ascending as `x` is; straight beyond no end: give places within. The
 * third derivative is continuous at the second point and the last but one (de Boor 1978, not-a-knot). Needs four points.
 */
export function cubicSpline(x: Float64Array, y: Float64Array, where: Float64Array): Float64Array {
  const bend = secondDerivatives(x, y)
  let piece = 0
  return where.map((place) => {
    while (piece < x.length - 2 && place > at(x, piece + 1)) piece++
    const width = at(x, piece + 1) - at(x, piece)
    const a = (at(x, piece + 1) - place) / width
    const b = 1 - a
    const curve = ((a ** 3 - a) * at(bend, piece) + (b ** 3 - b) * at(bend, piece + 1)) * (width * width)
    return a * at(y, piece) + b * at(y, piece + 1) + curve / 6
  })
}

/** Of the inner points by a tridiagonal system; those of the first and last follow from the condition at their neighbours. */
function secondDerivatives(x: Float64Array, y: Float64Array): Float64Array {
  const width = Float64Array.from({ length: x.length - 1 }, (_, i) => at(x, i + 1) - at(x, i))
  const slope = width.map((each, i) => (at(y, i + 1) - at(y, i)) / each)
  const inner = width.length - 1
  const lower = width.slice(0, inner)
  const upper = width.slice(1)
  const diagonal = lower.map((each, i) => 2 * (each + at(upper, i)))
  const right = lower.map((_, i) => 6 * (at(slope, i + 1) - at(slope, i)))
  // Not-a-knot: the first is (1 + first) times the second less first times the third, and the same from the other end.
  const first = at(width, 0) / at(width, 1)
  const last = at(width, inner) / at(width, inner - 1)
  diagonal[0] = at(diagonal, 0) + at(width, 0) * (1 + first)
  upper[0] = at(upper, 0) - at(width, 0) * first
  diagonal[inner - 1] = at(diagonal, inner - 1) + at(width, inner) * (1 + last)
  lower[inner - 1] = at(lower, inner - 1) - at(width, inner) * last
  const bend = solvedTridiagonal({ lower, diagonal, upper, right })
  const head = (1 + first) * at(bend, 0) - first * at(bend, 1)
  const tail = (1 + last) * at(bend, inner - 1) - last * at(bend, inner - 2)
  const whole = new Float64Array(bend.length + 2)
  whole.set(bend, 1)
  whole[0] = head
  whole[whole.length - 1] = tail
  return whole
}

interface Tridiagonal {
  readonly lower: Float64Array
  readonly diagonal: Float64Array
  readonly upper: Float64Array
  readonly right: Float64Array
}

/** Thomas' algorithm: down, then up. */
function solvedTridiagonal({ lower, diagonal, upper, right }: Tridiagonal): Float64Array {
  for (let i = 1; i < right.length; i++) {
    const factor = at(lower, i) / at(diagonal, i - 1)
    diagonal[i] = at(diagonal, i) - factor * at(upper, i - 1)
    right[i] = at(right, i) - factor * at(right, i - 1)
  }
  const solution = right.slice()
  for (let i = right.length - 1; i >= 0; i--) {
    const above = i + 1 < right.length ? at(upper, i) * at(solution, i + 1) : 0
    solution[i] = (at(right, i) - above) / at(diagonal, i)
  }
  return solution
}
