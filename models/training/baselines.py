"""What the transformer has to beat, on the same folds and features: logistic regression and boosted trees, each with epochs around it."""

import numpy as np

from cross_validation import SPLITS, Views, folds_of
from features import NAMES

AROUND = (-20, -10, -4, -2, 2, 4, 10, 20)
CARRIED = [NAMES.index(name) for name in ("z", "local20", "fast2", "mid2", "m2", "m")]
VIEWS = 3
CONDITIONS = ("plain", "half", "steps")


def with_surroundings(features):
    at = np.arange(len(features))
    around = [features[np.clip(at + offset, 0, len(features) - 1)][:, CARRIED] for offset in AROUND]
    return np.concatenate([features, *around], axis=1)


def boosted_trees(values, stages, seed):
    from lightgbm import LGBMClassifier

    return LGBMClassifier(
        n_estimators=90,
        num_leaves=12,
        learning_rate=0.07,
        min_child_samples=80 * VIEWS,
        colsample_bytree=0.4,
        subsample=0.25,
        subsample_freq=1,
        reg_lambda=5,
        max_bin=63,
        n_jobs=1,
        verbose=-1,
        random_state=seed,
    ).fit(values, stages)


def logistic_regression(values, stages, seed):
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=200, random_state=seed)).fit(values, stages)


BASELINES = {"boosted_trees": boosted_trees, "logistic_regression": logistic_regression}


def cross_validate_baseline(name, nights, work):
    """[split][condition][person] probabilities."""
    (work / name).mkdir(parents=True, exist_ok=True)
    views = Views(nights)
    return [split_of(split, name, nights, views, work) for split in range(SPLITS)]


def split_of(split, name, nights, views, work):
    told = {}
    for fold, (tested, trained) in enumerate(folds_of(split, len(nights))):
        answers = answers_of(work / name / f"{split}-{fold}-0.npz", name, views, tested, trained, split)
        for key, values in answers.items():
            condition, person = key.rsplit("_", 1)
            told.setdefault(condition, {})[int(person)] = values
    return told


def answers_of(file, name, views, tested, trained, seed):
    if not file.exists():
        seen = [view for person in trained for view in views.training(person)[:VIEWS]]
        values = np.concatenate([with_surroundings(features) for features, _ in seen])
        stages = np.concatenate([stage for _, stage in seen])
        model = BASELINES[name](values[stages >= 0], stages[stages >= 0], seed)
        answers = {
            f"{condition}_{person}": model.predict_proba(with_surroundings(views.testing(person)[condition]))
            for person in tested
            for condition in CONDITIONS
        }
        np.savez(file, **answers)
        print(f"{name}: {file.stem}", flush=True)
    with np.load(file) as kept:
        return {key: kept[key] for key in kept}
