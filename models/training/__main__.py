"""Trains actigraphy_transformer and writes its folder: `python models/training [--work FOLDER]`. README.md says what it needs.

One thread and fixed seeds: on one machine a run repeats the last to the digit. `--work` keeps what was computed, so that a run which was
interrupted goes on.
"""

import argparse
from datetime import UTC, datetime
from pathlib import Path

import torch

from baselines import BASELINES, cross_validate_baseline
from chain import chosen_chain, smoothed
from cross_validation import MEMBERS, Views, cross_validate, folds_of
from export import staged_by, write_weights, written
from figures import calibration_of, night_differences, summary_of, table_of
from fitting import fit
from golden import write_golden
from recordings import read_recordings

VERSION = "1.0.0"
MODELS = Path(__file__).resolve().parent.parent
CONDITIONS = {
    "half": "half of the heart rate at random",
    "blocks": "every other ten minutes of heart rate",
    "steps": "steps instead of counts",
    "nohr": "no heart rate",
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", type=Path, default=MODELS / "training" / ".work")
    work = parser.parse_args().work
    torch.set_num_threads(1)
    nights = read_recordings()
    raw = told_by_all(nights, work)
    told = {name: chained(nights, splits) for name, splits in raw.items()}
    folder = MODELS / "actigraphy_transformer"
    folder.mkdir(exist_ok=True)
    networks = final_networks(nights, work)
    digest = write_weights(networks, folder / "weights.onnx")
    chain = final_chain(nights, raw["transformer"])
    plain = stages_of(told["transformer"]["plain"])
    write_evaluation(folder, nights, told, plain)
    written(folder / "version.json", version_of(folder, digest, chain, len(nights)))
    written(folder / "card.json", card_of(summary_of(nights, plain)))
    write_out_of_fold(folder, nights, plain)
    write_golden(MODELS / "training" / "golden.json", staged_by(folder / "weights.onnx"))


def told_by_all(nights, work):
    baselines = {name: cross_validate_baseline(name, nights, work) for name in BASELINES}
    return {"transformer": cross_validate(nights, work), **baselines}


def chained(nights, splits):
    """Probabilities [condition][split][person], smoothed by a chain that was chosen on the other folds' people: the fold's never tune it."""
    found = {}
    for split, conditions in enumerate(splits):
        smooth = {condition: {} for condition in conditions}
        for tested, trained in folds_of(split, len(nights)):
            others = [conditions["plain"][person] for person in trained]
            chain = chosen_chain([nights[person].stage for person in trained], others)
            for condition, people in conditions.items():
                smooth[condition].update(zip(tested, smoothed([people[person] for person in tested], chain)))
        for condition, people in smooth.items():
            found.setdefault(condition, []).append([people[person] for person in range(len(nights))])
    return found


def stages_of(splits):
    return [[told.argmax(1) for told in split] for split in splits]


def final_chain(nights, splits):
    stages = [night.stage for night in nights] * len(splits)
    told = [split["plain"][person] for split in splits for person in range(len(nights))]
    return chosen_chain(stages, told)


def final_networks(nights, work):
    views, networks = Views(nights), []
    for member in range(MEMBERS):
        file = work / f"final-{member}.pt"
        if not file.exists():
            torch.save(fit([views.training(person) for person in range(len(nights))], 99_000 + member).state_dict(), file)
            print(f"fitted to everybody: {member}", flush=True)
        networks.append(network_from(file))
    return networks


def network_from(file):
    from network import Stager

    network = Stager()
    network.load_state_dict(torch.load(file, weights_only=True))
    return network.eval()


def write_evaluation(folder, nights, told, plain):
    transformer = told["transformer"]
    methods = [{"method": name, "figures": numbers(summary_of(nights, stages_of(told[name]["plain"])))} for name in BASELINES]
    for condition, name in CONDITIONS.items():
        figures = numbers(summary_of(nights, stages_of(transformer[condition])))
        methods.append({"method": f"actigraphy_transformer, {name}", "figures": figures})
    value = {
        "performance": performance_of(summary_of(nights, plain)),
        "kappaOfSplits": summary_of(nights, plain)["kappaSplits"],
        "methods": methods,
        "confusion": {"rows": "scored", "columns": "told", "table": sum_of(nights, plain).astype(int).tolist()},
        "nightMinutes": {name: rounded(found) for name, found in night_differences(nights, plain).items()},
        "calibration": calibration(nights, transformer["plain"]),
    }
    written(folder / "evaluation.json", value)


def sum_of(nights, splits):
    return sum(table_of(night.stage, told) for split in splits for night, told in zip(nights, split))


def calibration(nights, splits):
    found = calibration_of(nights, splits)
    return {"error": round(found["error"], 4), "classes": [rounded(each) for each in found["classes"]]}


def numbers(summary):
    return rounded({name: value for name, value in summary.items() if not isinstance(value, list)})


def rounded(figures):
    return {name: round(float(value), 4) for name, value in figures.items()}


def performance_of(summary):
    found = numbers(summary)
    shown = ("kappa", "threeAccuracy", "threeKappa", "wakeAccuracy", "wakeKappa", "sensitivity", "specificity")
    return {
        "version": VERSION,
        "lastEvaluated": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "dataset": f"Sleep-Accel, {summary['people']} people, cross-validated by person, {len(summary['kappaSplits'])} splits",
        "accuracy": found["accuracy"],
        "precision": found["precision"],
        "recall": found["recall"],
        "f1Score": found["macroF1"],
        "figures": {name: found[name] for name in (*shown, "kappaByPerson", "kappaDeviation", "people")},
    }


def card_of(summary):
    performance = performance_of(summary)
    return {
        "modelInfo": {
            "name": "actigraphy_transformer",
            "version": VERSION,
            "type": "transformer",
            "framework": "pytorch",
            "description": "Stages a night (awake, light, deep, rem) for each half minute from heart rate at any times and movement, by "
            f"{MEMBERS} small transformers over the whole night and a Markov chain over what they say. Trained on healthy adults who wore "
            "an Apple Watch in a sleep laboratory; not a medical device. Not the Pretrained Actigraphy Transformer (arXiv 2411.15240).",
        },
        "performance": {name: performance[name] for name in ("accuracy", "precision", "recall", "f1Score", "lastEvaluated")},
        "deployment": {"status": "active", "resourceRequirements": {"cpu": "1 core", "memory": "200 MB", "gpu": "none"}},
        "dataRequirements": requirements(),
    }


def requirements():
    return {
        "inputFormat": "time_series",
        "minSamples": 100,
        "maxSamples": 10000,
        "requiredFields": ["timestamp"],
        "optionalFields": ["heart_rate", "activity", "steps"],
    }


def version_of(folder, digest, chain, people):
    return {
        "version": VERSION,
        "weights": {
            "key": f"models/actigraphy_transformer/{VERSION}-{digest[:16]}.onnx",
            "sha256": digest,
            "length": (folder / "weights.onnx").stat().st_size,
        },
        "trainedOn": [{"name": f"Sleep-Accel, {people} people", "licence": "ODC-By 1.0", "doi": "10.13026/hmhs-py35"}],
        "heads": {"sleep_stage": "trained"},
        "dataRequirements": requirements(),
        "chain": {**chain, "prior": rounded_list(chain["prior"]), "transitions": [rounded_list(row) for row in chain["transitions"]]},
    }


def rounded_list(values):
    return [round(value, 6) for value in values]


def write_out_of_fold(folder, nights, plain):
    """Of each person what networks said that had not seen them, a digit an epoch, a text a split."""
    people = [
        {"person": night.person, "stages": ["".join(map(str, split[place].tolist())) for split in plain]}
        for place, night in enumerate(nights)
    ]
    written(folder / "out-of-fold.json", {"people": people})


if __name__ == "__main__":
    main()
