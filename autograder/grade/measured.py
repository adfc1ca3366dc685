"""What a model handed in is measured by: accuracy, further labels, requirements and controls; and in which words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.grade.tried import BY_PLACE, Tried
from autograder.judge.trusted import outputs_with
from autograder.records import Bar, Dataset, Trained, Value

ACCURACY, ON_TRAINING_DATA = "accuracy", "accuracy on training data"
SEEN = 1_000
"""Inputs of the training data on which a model is tried too."""
Ranges = dict[str, list[float | None]]
"""Of requirements, as in Bar."""


@dataclass(frozen=True)
class Inputs:
    """What a model is tried on; the labels stay here."""

    dataset: str
    unseen: np.ndarray
    labels: np.ndarray
    seen: np.ndarray
    seen_labels: np.ndarray


def drawn(dataset: Dataset, budget: str, rng: np.random.Generator) -> Inputs:
    """Unseen inputs, and some of those that are trained on.

    Raises:
        NoData: the data set is not on this machine.
    """
    unseen, labels = dataset.unseen(rng)
    seen, seen_labels = dataset.training(budget)[0]
    chosen = rng.permutation(len(seen))[:SEEN]
    return Inputs(dataset.name, unseen, labels, seen[chosen], seen_labels[chosen])


@dataclass(frozen=True)
class Measured:
    """All that was measured of a model."""

    scores: tuple[float, ...]
    """By the true labels, then by those of each further target: each has a bar of its own."""
    measures: dict[str, float]
    """Everything, by name."""
    failing: str
    """Words for the first requirement or control that it fails, or ""."""


def measured(trained: Trained, arguments: dict[str, Value], tried: Tried, inputs: Inputs, ranges: Ranges) -> Measured:
    """Measure a model that computes what it should.

    Args:
        trained: the item.
        arguments: that rebuild the model.
        tried: what it answered.
        inputs: that it was asked.
        ranges: of the requirements, as calibrated; one that is not among them is measured and not asked for.
    """
    count, builder, outputs = len(inputs.unseen), trained.measured or trained.reference, tried.outputs
    if trained.measured is not None:
        outputs = outputs_with(builder, arguments, tried.weights, np.concatenate([inputs.unseen, inputs.seen]))
    by_labels = (inputs.labels, *(one.labels(inputs.unseen) for one in trained.targets))
    scores = tuple(trained.score(outputs[:count], labels) for labels in by_labels)
    measures = dict(zip((ACCURACY, *(one.name for one in trained.targets)), scores, strict=True))
    measures[ON_TRAINING_DATA] = trained.score(outputs[count:], inputs.seen_labels)
    measures |= shown(trained, outputs, inputs)
    failing = unmet(trained, measures, ranges)
    for control in trained.controls:
        changed = {**arguments, **control.change(arguments)}
        without = outputs_with(builder, changed, tried.weights, inputs.unseen)
        measures[control.name] = trained.score(without, inputs.labels)
        failing = failing or (control.message if measures[control.name] > control.at_most else "")
    return Measured(scores, measures, failing)


def shown(trained: Trained, outputs: np.ndarray, inputs: Inputs) -> dict[str, float]:
    """The number of each requirement, by its name.

    Args:
        trained: the item.
        outputs: for the unseen inputs, then for the seen ones.
        inputs: their labels.
    """
    count = len(inputs.unseen)
    unseen, seen = (outputs[:count], inputs.labels), (outputs[count:], inputs.seen_labels)
    return {one.name: one.measure(*(seen if one.seen else unseen)) for one in trained.requirements}


def unmet(trained: Trained, measures: dict[str, float], ranges: Ranges) -> str:
    """Words for the first requirement that a model does not meet, or ""."""
    for one in trained.requirements:
        value, (low, high) = measures[one.name], ranges.get(one.name, [None, None])
        met = (low is None or low <= value) and (high is None or value <= high)
        if not met:
            return f"{one.message} Measured: {one.name} {value:.1%}, expected {in_words(low, high)}."
    return ""


def in_words(low: float | None, high: float | None) -> str:
    """What a requirement asks for."""
    if low is None or high is None:
        return f"at most {high:.0%}" if low is None else f"at least {low:.0%}"
    return f"from {low:.0%} to {high:.0%}"


def words_for(trained: Trained, measures: dict[str, float], count: int, bars: Sequence[Bar], dataset: str) -> str:
    """What a student reads of a model that was measured; without bars, that nothing is decided."""
    accuracy = measures[ACCURACY]
    words = f"{accuracy:.1%} right on {count:,} unseen inputs"
    if not bars:
        return f"{words}. No bar has been calibrated for this item yet, so a person will decide."
    words += f": {limits(bars[0])}."
    for target, bar in zip(trained.targets, bars[1:], strict=True):
        words += f" {target.name.capitalize()} {measures[target.name]:.1%}: {limits(bar)}. Each counts the same."
    if bars[0].dataset != dataset:
        words += f" The bar was measured on {bars[0].dataset}, which is slightly easier than {dataset}."
    told = {ACCURACY, *(target.name for target in trained.targets)}
    others = [f"{name} {value:.1%}" for name, value in measures.items() if name not in told]
    words += f" Also measured: {', '.join(others)}."
    if accuracy <= bars[0].zero_at:
        words += f" If you measured much more yourself, was the model's code changed after training? {BY_PLACE}."
    return words


def limits(bar: Bar) -> str:
    """A bar in words."""
    return f"full marks from {bar.full_marks_at:.1%}, none at {bar.zero_at:.1%} or below, evenly between"
