"""The nights of Sleep-Accel (Walch 2019, doi 10.13026/hmhs-py35), and what other devices would have made of them."""

import os
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

EPOCH_S = 30
STAGES = ("awake", "light", "deep", "rem")
# Of the data set's own numbers: -1 unscored, 0 wake, 1 N1, 2 N2, 3 N3, 4 the old S4, 5 REM.
STAGE_OF = {-1: -1, 0: 0, 1: 1, 2: 1, 3: 2, 4: 2, 5: 3}


@dataclass(frozen=True)
class Recording:
    """One night. Seconds from its start; a movement sample reaches from `move_from` to `move_to`."""

    person: str
    epochs: int
    heart_t: np.ndarray
    heart_bpm: np.ndarray
    move_from: np.ndarray
    move_to: np.ndarray
    move: np.ndarray
    steps: bool
    stage: np.ndarray


def read_recordings():
    folder = Path(os.environ["CLARITY_REAL_DATA"]) / "sleep-accel"
    return [read_recording(folder, file.name.split("_")[0]) for file in sorted(folder.glob("*_cleaned_psg.out"))]


def read_recording(folder, person):
    scored = np.loadtxt(folder / f"{person}_cleaned_psg.out")
    heart = np.loadtxt(folder / f"{person}_cleaned_hr.out")
    counts = np.loadtxt(folder / f"{person}_cleaned_counts.out", delimiter=",")
    stage = np.array([STAGE_OF[int(number)] for number in scored[:, 1]])
    start, end = spans(counts[:, 0])
    return Recording(person, len(stage), heart[:, 0], heart[:, 1], start, end, counts[:, 1], False, stage)


def spans(t):
    """A sample lasts until the next one, at most as long as samples of this series usually do and never beyond five minutes."""
    usual = min(float(np.median(np.diff(t))), 300.0) if len(t) > 1 else EPOCH_S
    return t, t + np.minimum(np.append(np.diff(t), usual), usual)


def with_half_the_heart_rate(night, rng):
    keep = rng.random(len(night.heart_t)) < 0.5
    return replace(night, heart_t=night.heart_t[keep], heart_bpm=night.heart_bpm[keep])


def with_steps(night, per_step, threshold):
    """Steps by the minute, as a pedometer would have them: of movement above a threshold, a step per so many counts."""
    minutes = -(-night.epochs * EPOCH_S // 60)
    counts = np.bincount(np.clip((night.move_from // 60).astype(int), 0, minutes - 1), night.move, minutes)
    start = np.arange(minutes) * 60.0
    steps = np.floor(np.maximum(counts - threshold, 0) / per_step)
    return replace(night, move_from=start, move_to=start + 60, move=steps, steps=True)


def varied(night, rng):
    """One augmentation: thinner, shifted, cut or noisier heart rate, other units of movement, another start and end of the night."""
    heart_t, bpm = thinned(night, rng)
    bpm = np.round(bpm * rng.uniform(0.92, 1.08) + rng.normal(0, 0.5, len(bpm)))
    night = replace(night, heart_t=heart_t + rng.uniform(-10, 10), heart_bpm=bpm, move=night.move * np.exp(rng.normal(0, 0.25)))
    chance = rng.random()
    if chance < 0.12:
        night = with_steps(night, per_step=rng.uniform(5, 40), threshold=rng.uniform(0, 300))
    elif chance < 0.15:
        night = replace(night, move_from=night.move_from[:0], move_to=night.move_to[:0], move=night.move[:0])
    return cropped(night, rng) if rng.random() < 0.3 else night


def thinned(night, rng):
    t, bpm = night.heart_t, night.heart_bpm
    chance = rng.random()
    if chance < 0.2:
        keep = rng.random(len(t)) < rng.uniform(0.2, 0.7)
    elif chance < 0.4:
        keep = np.ones(len(t), bool)
        for _ in range(rng.integers(1, 16)):
            start = rng.uniform(0, night.epochs * EPOCH_S)
            keep &= (t < start) | (t > start + rng.uniform(120, 2400))
    elif chance < 0.5:
        every = rng.choice([60, 300])
        keep = np.append(True, np.diff(t // every) > 0)
    else:
        keep = np.ones(len(t), bool)
    return (t[keep], bpm[keep]) if keep.sum() > 30 else (t, bpm)


def cropped(night, rng):
    """The bed was entered earlier or left later than the recording says: up to an hour is cut off at either end, times begin anew."""
    cut = rng.integers(0, min(120, night.epochs // 6), 2)
    shift = float(cut[0] * EPOCH_S)
    return replace(
        night,
        epochs=int(night.epochs - cut.sum()),
        heart_t=night.heart_t - shift,
        move_from=night.move_from - shift,
        move_to=night.move_to - shift,
        stage=night.stage[cut[0] : len(night.stage) - cut[1]],
    )
