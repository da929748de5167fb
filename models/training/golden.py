"""Invented nights with the features that training sees of them: what TypeScript has to make of the same signals."""

import json

import numpy as np

from features import NAMES, features_of
from recordings import EPOCH_S, Recording, spans


def golden_nights():
    return [invented_night(1, 70, every=5), invented_night(2, 41, every=61, steps=True), invented_night(3, 12, every=None)]


def invented_night(seed, epochs, every, steps=False):
    """Heart rate every so many seconds, with a gap and a few beats outside of the night; movement in bins that do not fit the epochs."""
    rng = np.random.default_rng(seed)
    t = np.arange(-40, epochs * EPOCH_S + 40, every or 1e9) + 0.25
    t = t[(t < 300) | (t > 900) | (rng.random(len(t)) < 0.1)] if every else t[:0]
    bpm = np.round(58 + 6 * np.sin(t / 400) + 3 * np.sin(t / 31) + rng.normal(0, 1.5, len(t)))
    move_t = np.arange(0, epochs * EPOCH_S, 60 if steps else 15.015)
    amount = np.where(rng.random(len(move_t)) < 0.2, np.round(rng.gamma(1.0, 60, len(move_t)), 1), 0)
    keep = (move_t < 500) | (move_t > 700)
    start, end = spans(move_t[keep])
    amount = np.round(amount[keep] / 20) if steps else amount[keep]
    return Recording(f"invented {seed}", epochs, t, bpm, start, end, amount, steps, np.zeros(epochs, int))


def write_golden(path, staged=None):
    """`staged`: features to probabilities, by the exported weights."""
    nights = [golden_of(night, staged) for night in golden_nights()]
    path.write_text(json.dumps({"names": NAMES, "nights": nights}, separators=(",", ":")) + "\n")


def golden_of(night, staged):
    features = features_of(night)
    written = {
        "epochs": night.epochs,
        "heart": {"t": night.heart_t.tolist(), "bpm": night.heart_bpm.tolist()},
        "movement": {
            "from": night.move_from.tolist(),
            "to": night.move_to.tolist(),
            "amount": night.move.tolist(),
            "isSteps": night.steps,
        },
        "features": np.round(features.astype(float), 6).ravel().tolist(),
    }
    return written if staged is None else {**written, "probabilities": np.round(staged(features).astype(float), 6).ravel().tolist()}
