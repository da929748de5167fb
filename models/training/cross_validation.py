"""Five splits of the people into five folds; in each, networks that have not seen the fold's people stage their nights.

What was computed is kept in a work folder, a file a network, so that an interrupted run goes on where it was.
"""

from dataclasses import replace

import numpy as np

from features import features_of
from fitting import fit, staged, views_of
from recordings import with_half_the_heart_rate, with_steps

SPLITS = 5
FOLDS = 5
MEMBERS = 5


def conditions_of(night):
    """The nights that are staged: as recorded, and as poorer devices would have recorded them."""
    return {
        "plain": night,
        "half": with_half_the_heart_rate(night, np.random.default_rng(5)),
        "blocks": without_every_other_ten_minutes(night),
        "steps": with_steps(night, per_step=20, threshold=100),
        "nohr": replace(night, heart_t=night.heart_t[:0], heart_bpm=night.heart_bpm[:0]),
    }


def without_every_other_ten_minutes(night):
    keep = (night.heart_t // 600).astype(int) % 2 == 0
    return replace(night, heart_t=night.heart_t[keep], heart_bpm=night.heart_bpm[keep])


def folds_of(split, people):
    """(tested, trained) people of each fold, as places."""
    order = np.random.default_rng(split).permutation(people)
    return [(order[fold::FOLDS], [person for person in order if person not in order[fold::FOLDS]]) for fold in range(FOLDS)]


def cross_validate(nights, work):
    """[split][condition][person] probabilities of the ensemble that did not see the person."""
    work.mkdir(parents=True, exist_ok=True)
    views = Views(nights)
    return [split_of(split, nights, views, work) for split in range(SPLITS)]


class Views:
    """Made when they are first asked for: a run that finds everything in its work folder asks for none."""

    def __init__(self, nights):
        self.nights, self.made, self.tests = nights, {}, {}

    def training(self, person):
        if person not in self.made:
            self.made[person] = views_of(self.nights[person], 0)
        return self.made[person]

    def testing(self, person):
        if person not in self.tests:
            found = conditions_of(self.nights[person])
            self.tests[person] = {condition: features_of(night) for condition, night in found.items()}
        return self.tests[person]


def split_of(split, nights, views, work):
    told = {}
    for fold, (tested, trained) in enumerate(folds_of(split, len(nights))):
        answers = [
            answers_of(work / f"{split}-{fold}-{member}.npz", views, tested, trained, 1000 * split + 100 * fold + member)
            for member in range(MEMBERS)
        ]
        for name in answers[0]:
            condition, person = name.rsplit("_", 1)
            told.setdefault(condition, {})[int(person)] = np.mean([answer[name] for answer in answers], axis=0)
    return told


def answers_of(file, views, tested, trained, seed):
    if not file.exists():
        network = fit([views.training(person) for person in trained], seed)
        answers = {
            f"{condition}_{person}": staged(network, features)
            for person in tested
            for condition, features in views.testing(person).items()
        }
        np.savez(file, **answers)
        print(f"cross-validation: {file.stem}", flush=True)
    with np.load(file) as kept:
        return {name: kept[name] for name in kept}
