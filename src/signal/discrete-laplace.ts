/** A whole number from 0 to `n` − 1, each as likely, `n` up to 2^48. */
export type Below = (n: number) => number

/**
 * A whole number with probability proportional to exp(−|x|·s ÷ t): noise for a count that one person changes by one gives ε = s ÷ t. Exact,
 * with whole numbers only (Canonne, Kamath, Steinke 2020, arXiv 2004.00010, algorithm 2): rounded reals would tell what they hide (Mironov
 * 2012, CCS). `s` and `t` up to 10^6.
 */
export function discreteLaplace(s: number, t: number, below: Below): number {
  for (;;) {
    const u = below(t)
    if (!bernoulliExp(u, t, below)) continue
    let v = 0
    while (bernoulliExp(1, 1, below)) v++
    const size = Math.floor((u + t * v) / s)
    const isNegative = below(2) === 1
    if (isNegative && size === 0) continue
    return isNegative ? -size : size
  }
}

/** True with probability exp(−a ÷ b), 0 ≤ a ≤ b (algorithm 1 there). */
function bernoulliExp(a: number, b: number, below: Below): boolean {
  let k = 1
  while (below(b * k) < a) k++
  return k % 2 === 1
}
