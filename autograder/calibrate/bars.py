"""Calibrate a trained item: train the reference and a baseline over seeds, keep each result, write bars.json."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean, stdev
from typing import Any

from autograder.calibrate.runs import Runs
from autograder.calibrate.tolerance import lower_bound, whole_percents
from autograder.errors import CourseError
from autograder.grade.verdict import versions, write_whole
from autograder.lessons import CHECKOUT, read_bars, training_hash
from autograder.records import Bar, Dataset, Lesson, NoData, Trained
from autograder.releases import BARS

FEWEST = 5
APART = 0.02
"""How far full marks must lie above zero marks."""
DIGITS = 6
KEPT = CHECKOUT / ".calibration"
Report = Callable[[str, int, float], None]


class NotCalibrated(CourseError):
    """No bar can be measured; says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What to measure."""

    budget: str | None = None
    """None: the item's first."""
    dataset: str | None = None
    """None: the first that is on this machine."""
    seeds: int = FEWEST


def calibrate(
    lesson: Lesson, plan: Plan, folder: Path, kept: Path = KEPT, report: Report = lambda what, seed, accuracy: None
) -> Bar:
    """Measure a lesson's bar and write it into its bars.json. Goes on where an earlier call ended.

    Args:
        lesson: has a trained item.
        plan: what to measure.
        folder: the lesson's solutions.
        kept: folder for the results of single runs.
        report: called with what was trained, its seed and its accuracy, as soon as it is known.

    Raises:
        NotCalibrated: an unknown budget or data set, too few seeds, or no baseline lies far enough below.
    """
    trained = lesson.trained
    assert trained is not None
    budget = chosen_budget(trained, plan)
    dataset, data = chosen_data(trained, plan, budget)
    if plan.seeds < FEWEST:
        raise NotCalibrated(f"Expected at least {FEWEST} seeds. Received: {plan.seeds}.")
    runs = Runs(lesson, dataset, budget, data, training_hash(folder), kept)

    def accuracies(name: str, train: Callable[[Any, int], Any]) -> list[float]:
        found = []
        for seed in range(plan.seeds):
            found.append(runs.accuracy(name, train, seed))
            report(name, seed, found[-1])
        return found

    reference = accuracies("reference", trained.train)
    full = min(trained.promised, lower_bound(reference))
    for name, train in trained.baselines.items():
        baseline = fmean(accuracies(name, train))
        if full - baseline >= APART:
            break
    else:
        raise NotCalibrated(
            f"{trained.name} on {dataset.name}: full marks would lie at {full:.3f}, less than {APART} above every "
            f"baseline (the last, {name}, at {baseline:.3f}). Change the task, the budget or the training."
        )
    seeds, ranges = range(plan.seeds), {}
    for one in trained.requirements:
        ranges[one.name] = whole_percents([runs.shown("reference", seed)[one.name] for seed in seeds], one.asked)
    bar = Bar(
        trained.name,
        dataset.name,
        budget,
        plan.seeds,
        round(fmean(reference), DIGITS),
        round(stdev(reference), DIGITS),
        name,
        round(baseline, DIGITS),
        round(full, DIGITS),
        round(baseline, DIGITS),
        versions(),
        machine(),
        round(runs.seconds, 1),
        ranges,
    )
    write_bar(folder, bar)
    return bar


def chosen_budget(trained: Trained, plan: Plan) -> str:
    """The budget to measure under.

    Raises:
        NotCalibrated: the item has no such budget.
    """
    if plan.budget not in (None, *trained.budgets):
        raise NotCalibrated(f"Expected one of the budgets {', '.join(trained.budgets)}. Received: {plan.budget}.")
    return plan.budget or trained.budgets[0]


def chosen_data(trained: Trained, plan: Plan, budget: str) -> tuple[Dataset, Any]:
    """The data set to measure on, and its training data.

    Raises:
        NotCalibrated: the item has no such data set, or none is on this machine.
    """
    names = [dataset.name for dataset in trained.datasets]
    if plan.dataset not in (None, *names):
        raise NotCalibrated(f"Expected one of the data sets {', '.join(names)}. Received: {plan.dataset}.")
    reasons = []
    for dataset in trained.datasets:
        if plan.dataset in (None, dataset.name):
            try:
                return dataset, dataset.training(budget)
            except NoData as error:
                reasons.append(str(error))
    raise NotCalibrated(f"There is no data to train on. {' '.join(reasons)}")


def write_bar(folder: Path, bar: Bar) -> None:
    """Put a bar into a lesson's bars.json, in place of the one of the same item, data set and budget."""

    def key(one: Bar) -> tuple[str, str, str]:
        return one.item, one.dataset, one.budget

    others = [one for one in read_bars(folder) if key(one) != key(bar)]
    entries = [asdict(one) for one in sorted([*others, bar], key=key)]
    entries = [{name: value for name, value in one.items() if name != "ranges" or value} for one in entries]
    write_whole(folder / BARS, (json.dumps(entries, indent=1) + "\n").encode())
    (folder / BARS).chmod(0o644)


def machine() -> str:
    """This machine in a few words."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "")
    return f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores {model}".strip()
