"""How well stages were told; as `src/analysis/stage-figures.ts` has it."""

import numpy as np

from recordings import STAGES

THREE = [0, 1, 1, 2]
TWO = [0, 1, 1, 1]


def table_of(truth, told):
    known = truth >= 0
    table = np.zeros((4, 4))
    np.add.at(table, (truth[known], told[known]), 1)
    return table


def figures_of(table):
    accuracy, kappa = agreement(table)
    three_accuracy, three_kappa = agreement(merged(table, THREE))
    two = merged(table, TWO)
    wake_accuracy, wake_kappa = agreement(two)
    hits, truth, told = np.diag(table), table.sum(1), table.sum(0)
    return {
        "accuracy": accuracy,
        "kappa": kappa,
        "macroF1": float(np.mean(2 * hits / np.maximum(truth + told, 1))),
        "threeAccuracy": three_accuracy,
        "threeKappa": three_kappa,
        "wakeAccuracy": wake_accuracy,
        "wakeKappa": wake_kappa,
        "sensitivity": two[1, 1] / two[1].sum(),
        "specificity": two[0, 0] / two[0].sum(),
        "precision": float(np.mean(hits / np.maximum(told, 1))),
        "recall": float(np.mean(hits / np.maximum(truth, 1))),
        **{f"recall_{name}": hits[stage] / max(truth[stage], 1) for stage, name in enumerate(STAGES)},
        **{f"precision_{name}": hits[stage] / max(told[stage], 1) for stage, name in enumerate(STAGES)},
    }


def agreement(table):
    share = table / table.sum()
    same, chance = np.trace(share), share.sum(1) @ share.sum(0)
    return float(same), float((same - chance) / (1 - chance))


def merged(table, into):
    count = max(into) + 1
    found = np.zeros((count, count))
    for row in range(4):
        for column in range(4):
            found[into[row], into[column]] += table[row, column]
    return found


def summary_of(nights, splits):
    """`splits`: one list a split, of told stages a night. The mean of the splits' pooled figures, and the spread over people."""
    tables = [[table_of(night.stage, told) for night, told in zip(nights, split)] for split in splits]
    pooled = [figures_of(sum(split)) for split in tables]
    by_person = np.array([[agreement(table)[1] for table in split] for split in tables]).mean(0)
    found = {name: float(np.mean([each[name] for each in pooled])) for name in pooled[0]}
    found["kappaSplits"] = [round(each["kappa"], 4) for each in pooled]
    found["kappaByPerson"] = float(by_person.mean())
    found["kappaDeviation"] = float(by_person.std(ddof=1))
    found["people"] = len(nights)
    return found


def night_differences(nights, splits):
    """Told less scored, minutes a night over the scored epochs: mean and limits of agreement (Bland & Altman 1986), nights of all splits."""
    found = {}
    for name, counts in (("asleep", (1, 2, 3)), ("light", (1,)), ("deep", (2,)), ("rem", (3,))):
        minutes = [
            (np.isin(told[night.stage >= 0], counts).sum() - np.isin(night.stage, counts).sum()) / 2
            for split in splits
            for night, told in zip(nights, split)
        ]
        mean, spread = float(np.mean(minutes)), float(np.std(minutes, ddof=1))
        found[name] = {"mean": mean, "from": mean - 1.96 * spread, "to": mean + 1.96 * spread}
    return found


def calibration_of(nights, splits):
    """Of ten classes of the told stage's probability: how sure, how often right, how many epochs. And their mean distance."""
    sure = np.concatenate([told.max(1)[night.stage >= 0] for split in splits for night, told in zip(nights, split)])
    right = np.concatenate([(told.argmax(1) == night.stage)[night.stage >= 0] for split in splits for night, told in zip(nights, split)])
    bins = np.minimum((sure * 10).astype(int), 9)
    classes = [
        {"sure": float(sure[bins == each].mean()), "right": float(right[bins == each].mean()), "share": float((bins == each).mean())}
        for each in range(10)
        if (bins == each).any()
    ]
    return {"error": sum(each["share"] * abs(each["sure"] - each["right"]) for each in classes), "classes": classes}
