"""How stages follow one another: smooths what the networks say epoch by epoch. `src/signal/forward-backward.ts` does the same."""

import numpy as np

# From the first measurements of these people, before this model: transitions to the power 1/2, priors divided out by half.
STRENGTH = 0.5
UNPRIOR = 0.5


def chain_of(stages):
    """`stages`: one array a night, -1 where nobody scored. One count is added to each pair."""
    counts = np.ones((4, 4))
    for stage in stages:
        known = (stage[:-1] >= 0) & (stage[1:] >= 0)
        np.add.at(counts, (stage[:-1][known], stage[1:][known]), 1)
    return {
        "prior": (counts.sum(0) / counts.sum()).tolist(),
        "transitions": (counts / counts.sum(1, keepdims=True)).tolist(),
        "strength": STRENGTH,
        "unprior": UNPRIOR,
    }


def smoothed(told, chain):
    prior = np.array(chain["prior"])
    step = np.array(chain["transitions"]) ** chain["strength"]
    step /= step.sum(1, keepdims=True)
    seen = told / prior ** chain["unprior"]
    forward, backward = np.zeros_like(seen), np.ones_like(seen)
    forward[0] = scaled(prior * seen[0])
    for epoch in range(1, len(seen)):
        forward[epoch] = scaled((forward[epoch - 1] @ step) * seen[epoch])
    for epoch in range(len(seen) - 2, -1, -1):
        backward[epoch] = scaled(step @ (seen[epoch + 1] * backward[epoch + 1]))
    both = forward * backward
    return both / both.sum(1, keepdims=True)


def scaled(row):
    return row / row.sum()
