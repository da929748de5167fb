"""How stages follow one another: smooths what the networks say epoch by epoch. `src/signal/forward-backward.ts` does the same."""

import numpy as np

from figures import figures_of, table_of

STRENGTHS = (0.25, 0.5, 1.0)
# Posteriors to this power are as sure as they are right; which stage is likeliest stays.
TEMPERS = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3)
# To what power the prior is divided out, of waking and of the other stages.
UNPRIORS = ((0.25, 0.25), (0.5, 0.25), (0.75, 0.25), (0.25, 0.5), (0.5, 0.5), (0.75, 0.5))


def chain_of(stages, strength=0.5, unprior=(0.25, 0.25)):
    """`stages`: one array a night, -1 where nobody scored. One count is added to each pair."""
    counts = np.ones((4, 4))
    for stage in stages:
        known = (stage[:-1] >= 0) & (stage[1:] >= 0)
        np.add.at(counts, (stage[:-1][known], stage[1:][known]), 1)
    return {
        "prior": (counts.sum(0) / counts.sum()).tolist(),
        "transitions": (counts / counts.sum(1, keepdims=True)).tolist(),
        "strength": strength,
        "unprior": [unprior[0], unprior[1], unprior[1], unprior[1]],
        "temper": 1.0,
    }


def chosen_chain(stages, told):
    """The chain of these nights whose smoothing of what was told of them, by networks that had not seen them, is the best."""
    chains = [chain_of(stages, strength, unprior) for strength in STRENGTHS for unprior in UNPRIORS]
    best = max(chains, key=lambda chain: score_of(stages, told, chain))
    known = np.concatenate(stages) >= 0
    truth, sure = np.concatenate(stages)[known], np.concatenate(smoothed(told, best))[known]
    return {**best, "temper": min(TEMPERS, key=lambda temper: surprise_of(truth, tempered(sure, temper)))}


def surprise_of(truth, told):
    return -np.log(np.maximum(told[np.arange(len(truth)), truth], 1e-9)).mean()


def tempered(told, temper):
    return scaled(told**temper)


def score_of(stages, told, chain):
    """κ of four stages and κ of sleep against waking, together."""
    table = sum(table_of(stage, each.argmax(1)) for stage, each in zip(stages, smoothed(told, chain)))
    figures = figures_of(table)
    return figures["kappa"] + figures["wakeKappa"]


def smoothed(nights, chain):
    """Probabilities [epochs, 4] of each night, smoothed; all nights at once, the shorter ones with epochs after their end that tell nothing."""
    prior = np.array(chain["prior"])
    step = np.array(chain["transitions"]) ** chain["strength"]
    step /= step.sum(1, keepdims=True)
    longest = max(len(told) for told in nights)
    seen = np.ones((longest, len(nights), 4))
    for place, told in enumerate(nights):
        seen[: len(told), place] = told / prior ** np.array(chain["unprior"])
    forward, backward = np.zeros_like(seen), np.ones_like(seen)
    forward[0] = scaled(prior * seen[0])
    for epoch in range(1, longest):
        forward[epoch] = scaled((forward[epoch - 1] @ step) * seen[epoch])
    for epoch in range(longest - 2, -1, -1):
        backward[epoch] = scaled((seen[epoch + 1] * backward[epoch + 1]) @ step.T)
    both = tempered(scaled(forward * backward), chain["temper"])
    return [both[: len(told), place] for place, told in enumerate(nights)]


def scaled(rows):
    return rows / rows.sum(-1, keepdims=True)
