"""Makes trend-vectors.json: pip install scipy==1.17.1 pymannkendall==1.4.3 pyhomogeneity==1.1"""

import json
import random
import sys

import pymannkendall
from pyhomogeneity import pettitt_test
from scipy import stats

dice = random.Random(1968)


def series(kind, n):
    level = [10 + dice.gauss(0, 2) for _ in range(n)]
    if kind == "rising":
        level = [value + at * 0.4 for at, value in enumerate(level)]
    if kind == "whole":
        level = [float(round(value)) for value in level]
    if kind == "shifted":
        level = [value + (5 if at >= n // 3 else 0) for at, value in enumerate(level)]
    if kind == "equal":
        level = [7.0] * n
    return level


vectors = []
for kind in ["steady", "rising", "whole", "shifted", "equal"]:
    for n in [4, 7, 10, 11, 12, 25, 31, 60, 92]:
        values = series(kind, n)
        times = sorted(dice.sample(range(2 * n), n))
        slope, _, low, high = stats.theilslopes(values, times, alpha=0.9)
        vector = {"kind": kind, "times": times, "values": values, "slope": slope, "low": low, "high": high}
        trend = pymannkendall.original_test(values)
        vector["s"], vector["variance"] = float(trend.s), float(trend.var_s)
        if n > 10:
            vector["p"] = float(trend.p)
        elif len(set(values)) == n:
            vector["p"] = float(stats.kendalltau(range(n), values, method="exact").pvalue)
        if kind != "equal" and n > 10:
            change = pettitt_test(values, sim=None)
            vector["change"] = {"at": int(change.cp), "u": float(change.U), "p": float(change.p)}
        vectors.append(vector)
json.dump(vectors, sys.stdout, indent=None, separators=(",", ":"))
