"""Fits one network to some people's nights, and stages nights with several."""

import numpy as np
import torch
from torch.nn import functional

from features import features_of
from network import PATCH, Stager
from recordings import varied

VARIATIONS = 12
PASSES = 36
BATCH = 4
RATE = 3e-3


def views_of(night, seed):
    """The night as it is, and its augmentations: (features, stages) each."""
    rng = np.random.default_rng([seed, int(night.person)])
    nights = [night] + [varied(night, rng) for _ in range(VARIATIONS)]
    return [(features_of(each), each.stage) for each in nights]


def fit(views, seed, passes=PASSES, **shape):
    """`views`: one list a person, as `views_of` makes it. Deterministic for a seed and one thread."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    network = Stager(**shape)
    network.take_scale(torch.tensor(np.concatenate([features for person in views for features, _ in person])))
    steps = passes * -(-len(views) // BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps, pct_start=0.2)
    network.train()
    for _ in range(passes):
        order = rng.permutation(len(views))
        for at in range(0, len(order), BATCH):
            chosen = [views[person][rng.integers(len(views[person]))] for person in order[at : at + BATCH]]
            features, inside, stage = padded(chosen)
            noisy = features + 0.1 * network.deviation * torch.randn_like(features) * (features != 0)
            noisy[..., -3:] = features[..., -3:]
            loss = loss_of(network(noisy, inside), stage)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
    return network.eval()


def loss_of(logits, stage):
    """Cross entropy of the four stages, and as much again of sleep against waking, which four stages drown."""
    known = stage >= 0
    logits, stage = logits[known], stage[known]
    waking = logits[:, 0] - logits[:, 1:].logsumexp(-1)
    return functional.cross_entropy(logits, stage, label_smoothing=0.05) + functional.binary_cross_entropy_with_logits(
        waking, (stage == 0).float()
    )


def padded(chosen):
    longest = max(len(stage) for _, stage in chosen)
    longest += -longest % PATCH
    features = np.zeros((len(chosen), longest, chosen[0][0].shape[1]), np.float32)
    inside = np.zeros((len(chosen), longest), np.float32)
    stages = np.full((len(chosen), longest), -1)
    for row, (values, stage) in enumerate(chosen):
        features[row, : len(stage)], inside[row, : len(stage)], stages[row, : len(stage)] = values, 1, stage
    return torch.tensor(features), torch.tensor(inside), torch.tensor(stages)


def staged(network, features):
    """Probabilities [epochs, 4] of one night."""
    values, inside, _ = padded([(features, np.zeros(len(features), int))])
    with torch.no_grad():
        return network(values, inside)[0, : len(features)].softmax(-1).numpy()
