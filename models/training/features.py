"""What the models see of an epoch. `src/analysis/night-features.ts` makes the same numbers; golden vectors hold the two together."""

import numpy as np

BIN_S = 10
EPOCH_S = 30
BINS = EPOCH_S // BIN_S
# Heart rate is drawn as a line over gaps whose nearest sample is no farther than ten minutes.
REACH_BINS = 60
MOVED = 15.0

LEVEL = ("z", "low", "z3", "z10", "rank", "local5", "local20", "local60", "slope3", "slope10", "slope40", "slow10", "slow30", "slow_rank", "slow_centred")
FINE = ("fast2", "fast10", "fast30", "mid2", "mid10", "mid30", "fast_rank", "fast_centred", "mid_rank", "mid_centred")
MOVEMENT = ("m", "m_before", "m_after", "m2", "m5", "m10", "m20", "m40", "m_rank", "moving10", "since", "until", "is_steps")
TIME = ("from_start", "to_end")
NAMES = LEVEL + FINE + MOVEMENT + TIME + ("knows_level", "knows_fine", "knows_movement")


def features_of(night):
    """Epochs by `NAMES`, float32. Where a group is not known its values are 0, and its mask says so."""
    epochs = night.epochs
    bins, sampled = binned_heart_rate(night)
    movement = epoch_movement(night)
    level, knows_level = level_features(bins, sampled)
    fine, knows_fine = fine_features(bins, sampled, knows_level)
    moves, knows_movement = movement_features(movement, night.steps)
    at = np.arange(epochs)
    time = {"from_start": at / 480, "to_end": (epochs - at) / 480}
    masks = {"knows_level": knows_level, "knows_fine": knows_fine, "knows_movement": knows_movement}
    columns = [masked(level, knows_level), masked(fine, knows_fine), masked(moves, knows_movement), time, masks]
    every = {name: column for group in columns for name, column in group.items()}
    return np.stack([every[name] for name in NAMES], axis=1).astype(np.float32)


def masked(group, known):
    return {name: np.where(known & ~np.isnan(column), column, 0.0) for name, column in group.items()}


def binned_heart_rate(night):
    """Mean of each ten seconds, lines over the gaps; NaN where the nearest sample is too far. And which bins had a sample."""
    count = night.epochs * BINS
    at = np.floor(night.heart_t / BIN_S).astype(int)
    inside = (at >= 0) & (at < count)
    sums = np.bincount(at[inside], night.heart_bpm[inside], count)
    samples = np.bincount(at[inside], minlength=count)
    known = np.flatnonzero(samples)
    if len(known) == 0:
        return np.full(count, np.nan), samples > 0
    every = np.arange(count)
    line = np.interp(every, known, sums[known] / samples[known])
    after = np.searchsorted(known, every)
    previous = known[np.clip(after - 1, 0, len(known) - 1)]
    following = known[np.clip(after, 0, len(known) - 1)]
    nearest = np.minimum(np.abs(every - previous), np.abs(following - every))
    return np.where(nearest <= REACH_BINS, line, np.nan), samples > 0


def level_features(bins, sampled):
    hr = mean_of_epochs(bins)
    known = ~np.isnan(hr)
    low, quarter, middle, third = np.quantile(hr[known], [0.1, 0.25, 0.5, 0.75]) if known.any() else (0, 0, 0, 0)
    spread = max(third - quarter, 2.0)
    slow = energy_of(around(bins, 6) - around(bins, 30), sampled)
    slow30 = log_of(slow, 30)
    slow10 = log_of(slow, 10, slow30)
    return {
        "z": (hr - middle) / spread,
        "low": (hr - low) / 10,
        "z3": (around(hr, 3) - middle) / spread,
        "z10": (around(hr, 10) - middle) / spread,
        "rank": rank_of(around(hr, 2)),
        "local5": (hr - around(hr, 5)) / 5,
        "local20": (hr - around(hr, 20)) / 5,
        "local60": (around(hr, 5) - around(hr, 60)) / 5,
        "slope3": (window(hr, 1, 3) - window(hr, -3, -1)) / 5,
        "slope10": (window(hr, 1, 10) - window(hr, -10, -1)) / 5,
        "slope40": (window(hr, 1, 40) - window(hr, -40, -1)) / 5,
        "slow10": slow10,
        "slow30": slow30,
        "slow_rank": rank_of(slow10),
        "slow_centred": slow10 - middle_of(slow10),
    }, known


def fine_features(bins, sampled, knows_level):
    """Beats within a minute: only where a third of the ten-second bins of ten minutes had samples, else lines would pass for calm."""
    dense = around(sampled.reshape(-1, BINS).mean(axis=1), 10) >= 0.3
    changes = {"fast": bins - around(bins, 3), "mid": around(bins, 1) - around(bins, 9)}
    found = {}
    for name, change in changes.items():
        energy = energy_of(change, sampled)
        ten = log_of(energy, 10)
        found[f"{name}2"], found[f"{name}10"], found[f"{name}30"] = log_of(energy, 2, ten), ten, log_of(energy, 30)
        found[f"{name}_rank"], found[f"{name}_centred"] = rank_of(ten), ten - middle_of(ten)
    return found, knows_level & dense


def epoch_movement(night):
    """Amount of each epoch, every sample spread evenly over its time; NaN where less than half of the epoch was told of."""
    amount, told = np.zeros(night.epochs), np.zeros(night.epochs)
    for start, end, value in zip(night.move_from, night.move_to, night.move):
        for epoch in range(max(int(start // EPOCH_S), 0), min(int(-(-end // EPOCH_S)), night.epochs)):
            overlap = min(end, (epoch + 1) * EPOCH_S) - max(start, epoch * EPOCH_S)
            amount[epoch] += value * overlap / (end - start)
            told[epoch] += overlap
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(told >= EPOCH_S / 2, amount * EPOCH_S / np.minimum(told, EPOCH_S), np.nan)


def movement_features(movement, is_steps):
    known = ~np.isnan(movement)
    m = np.log1p(movement)
    moved = np.where(known, movement, 0) > (0 if is_steps else MOVED)
    at = np.arange(len(m))
    before = np.maximum.accumulate(np.where(moved, at, -(10**6)))
    after = np.minimum.accumulate(np.where(moved, at, 10**6)[::-1])[::-1]
    return {
        "m": m,
        "m_before": window(m, -1, -1),
        "m_after": window(m, 1, 1),
        "m2": around(m, 2),
        "m5": around(m, 5),
        "m10": around(m, 10),
        "m20": around(m, 20),
        "m40": around(m, 40),
        "m_rank": rank_of(around(m, 20)),
        "moving10": around(moved.astype(float), 10),
        "since": np.log1p(np.minimum(at - before, 240)),
        "until": np.log1p(np.minimum(after - at, 240)),
        "is_steps": np.full(len(m), float(is_steps)),
    }, known


def mean_of_epochs(bins):
    return window(bins, 0, BINS - 1)[::BINS]


def around(values, reach):
    return window(values, -reach, reach)


def window(values, first, last):
    """Mean of the values from `first` to `last` places away, gaps skipped, the ends cut; NaN of nothing."""
    known = ~np.isnan(values)
    sums = np.concatenate([[0], np.cumsum(np.where(known, values, 0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    at = np.arange(len(values))
    start, end = np.clip(at + first, 0, len(values)), np.clip(at + last + 1, 0, len(values))
    count = counts[end] - counts[start]
    return np.where(count > 0, (sums[end] - sums[start]) / np.maximum(count, 1), np.nan)


def rank_of(values):
    """Place within the night, 0 to 1; equals share the middle of their places."""
    known = values[~np.isnan(values)]
    ordered = np.sort(known)
    places = (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / (2 * max(len(known), 1))
    return np.where(np.isnan(values), np.nan, places)


def energy_of(change, sampled):
    """Of each epoch, from the bins that had a sample: lines over gaps are calmer than any heart."""
    return mean_of_epochs(np.where(sampled, change**2, np.nan))


def log_of(energy, reach, wider=None):
    """Of the mean around each epoch; where that is not known, as the wider one has it."""
    log = np.log(np.maximum(around(energy, reach), 0) + 0.05)
    return log if wider is None else np.where(np.isnan(log), wider, log)


def middle_of(values):
    return np.nanmedian(values) if not np.isnan(values).all() else np.nan
