"""From accuracy to points by calibrated bars. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.records import Bar, Dataset, Target, Trained


def items_of(trained: Trained) -> tuple[Trained, ...]:
    """All that has a bar of its own: the item by its true labels, and by those of each further target."""
    return trained, *(by_target(trained, target) for target in trained.targets)


def by_target(trained: Trained, target: Target) -> Trained:
    """The item with a target's labels in place of the true ones."""

    def relabelled(dataset: Dataset) -> Dataset:
        def unseen(rng: Any) -> tuple[Any, Any]:
            inputs, _ = dataset.unseen(rng)
            return inputs, target.labels(inputs)

        return replace(dataset, unseen=unseen)

    datasets = tuple(map(relabelled, trained.datasets))
    name = f"{trained.name}_{target.name}"
    return replace(trained, name=name, datasets=datasets, baselines=target.baselines, targets=(), requirements=())


def bar_for(trained: Trained, bars: Sequence[Bar], dataset: str) -> Bar | None:
    """The bar of a data set; where there is none, that of a data set which the item prefers less; else None."""
    names = [known.name for known in trained.datasets]
    for name in names[names.index(dataset) :]:
        for budget in trained.budgets:
            for bar in bars:
                if (bar.item, bar.dataset, bar.budget) == (trained.name, name, budget):
                    return bar
    return None


def share_of_points(accuracy: float, bar: Bar) -> float:
    """0 at the bar's zero and below, 1 from full marks on, evenly between."""
    share = (accuracy - bar.zero_at) / (bar.full_marks_at - bar.zero_at)
    return min(1.0, max(0.0, share))
