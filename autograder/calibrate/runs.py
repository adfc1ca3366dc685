"""Training runs, each kept as soon as it ends, so that a calibration of hours may be interrupted."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from autograder.grade.inputs import generator
from autograder.grade.measured import drawn, shown
from autograder.grade.verdict import versions
from autograder.judge.trusted import in_batches
from autograder.records import TRAINED, Dataset, Lesson

SECRET = "calibration"
"""Makes the inputs on which models are measured; students' are made by their course's own secret."""


BUDGET = "VITLAB_BUDGET"
"""Tells a training function under which budget it is calibrated, whatever devices there are."""


class Runs:
    """All runs of one item on one data set under one budget."""

    def __init__(self, lesson: Lesson, dataset: Dataset, budget: str, data: Any, code: str, kept: Path) -> None:
        """Read what earlier calls kept.

        Args:
            lesson: has a trained item.
            dataset: gives the unseen inputs.
            budget: names the runs.
            data: what a training function gets.
            code: hash of the code that trains.
            kept: folder for the results.
        """
        trained = lesson.trained
        assert trained is not None
        self.lesson, self.dataset, self.data, self.trained = lesson, dataset, data, trained
        self.budget = budget
        self.path = kept / f"{trained.name}-{dataset.name}-{budget}.jsonl"
        decides = json.dumps([code, sorted(versions().items()), dataset.name, budget])
        self.key = hashlib.sha256(decides.encode()).hexdigest()[:16]
        self.seconds = 0.0
        """Of all runs that were asked for, whenever they took place."""
        self.wanted = {one.name for one in trained.requirements}
        self.known: dict[tuple[str, int], dict[str, Any]] = {}
        for line in self.path.read_text(encoding="utf-8").splitlines() if self.path.is_file() else ():
            found = whole_line(line)
            if found.get("key") == self.key and self.wanted <= found.get("shown", {}).keys():
                self.known[found["what"], found["seed"]] = found

    def accuracy(self, what: str, train: Callable[[Any, int], Any], seed: int) -> float:
        """The accuracy of one training, kept or new.

        Args:
            what: is trained, e.g. "reference".
            train: data, seed -> model.
            seed: of the training and of the inputs that it is measured on.
        """
        found = self.known.get((what, seed)) or self.run(what, train, seed)
        self.seconds += found["seconds"]
        accuracy: float = found["accuracy"]
        return accuracy

    def shown(self, what: str, seed: int) -> dict[str, float]:
        """The number of each requirement in a run whose accuracy was asked for, by the requirement's name."""
        found: dict[str, float] = self.known[what, seed]["shown"]
        return found

    def run(self, what: str, train: Callable[[Any, int], Any], seed: int) -> dict[str, Any]:
        """Train, measure, and keep the result."""
        began = time.monotonic()
        with mock.patch.dict(os.environ, {BUDGET: self.budget}):
            model = train(self.data, seed)
        rng = generator(SECRET, str(seed), self.lesson.assignment, TRAINED)
        inputs = drawn(self.dataset, self.trained.budgets[0], rng)
        outputs = in_batches(model, np.concatenate([inputs.unseen, inputs.seen]))
        accuracy = self.trained.score(outputs[: len(inputs.unseen)], inputs.labels)
        measures = shown(self.trained, outputs, inputs)
        seconds = round(time.monotonic() - began, 2)
        found = {"key": self.key, "what": what, "seed": seed, "accuracy": accuracy, "seconds": seconds}
        found |= {"shown": measures} if measures else {}
        self.path.parent.mkdir(exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(found) + "\n")
        self.known[what, seed] = found
        return found


def whole_line(line: str) -> dict[str, Any]:
    """One kept run; nothing where the line was cut short."""
    try:
        found: dict[str, Any] = json.loads(line)
    except ValueError:
        return {}
    return found
