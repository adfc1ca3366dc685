"""Test the test of a trained item: the reference's weights get full marks, what was not learnt earns nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import CourseError
from autograder.grade.rules import Rules
from autograder.grade.trained import grade_trained
from autograder.read.artifacts import Artifacts
from autograder.read.code import read_code
from autograder.read.notebook import Cell
from autograder.read.slice import Analysis, analyse
from autograder.records import Lesson, NoData, Trained, TrainedVerdict, Value
from autograder.run.worker import Worker

REFERENCE = "reference"
SEED = 0


class NoTrainingData(CourseError):
    """The trained item cannot be verified on this machine."""


def try_trained(worker: Worker, lesson: Lesson, reference: str) -> dict[str, TrainedVerdict]:
    """What the engine makes of the reference's weights, under "reference", and of each mistake in training.

    Args:
        worker: the sandbox.
        lesson: with a trained item.
        reference: source of the reference's notebook, for a model that students write themselves.

    Raises:
        NoTrainingData: no data set of the item is here.
    """
    trained = lesson.trained
    assert trained is not None
    analysis = analyse(read_code((Cell(REFERENCE, None, "code", reference),), frozenset()))
    return {name: graded(files, analysis, lesson, worker) for name, files in hand_ins(trained)}


def graded(files: Artifacts, analysis: Analysis, lesson: Lesson, worker: Worker) -> TrainedVerdict:
    """The verdict of two files."""
    return grade_trained("verify", files, analysis, lesson, worker, Rules("verify"))[0]


def hand_ins(trained: Trained) -> Iterator[tuple[str, Artifacts]]:
    """Files by what they are: the reference's, then those of mistakes and of tricks."""
    import keras  # the command line starts without it

    data, standard = training_data(trained), as_json(trained.standard)
    taught = trained.train(data, SEED)
    weights = weights_of(taught)
    yield REFERENCE, Artifacts(weights, standard)
    for name, train in trained.baselines.items():
        yield name.replace(" ", "_"), Artifacts(weights_of(train(data, SEED)), standard)
    for name, train in misses_a_target(trained).items():
        yield name.replace(" ", "_"), Artifacts(weights_of(train(data, SEED)), standard)
    fresh = list(trained.baselines.values())[-1](data, SEED)
    labels = np.asarray(data[0][1][:100]).tolist()
    yield (
        "untrained_with_labels_in_the_json",
        Artifacts(weights_of(fresh), as_json(trained.standard | {"labels": labels})),
    )
    other = another_size(trained)
    if other:
        yield "arguments_of_another_model", Artifacts(weights, as_json(other))
        keras.utils.set_random_seed(SEED)
        model = trained.reference(**other)
        model(*trained.asked(data[0][0][:1]))
        yield "untrained_model_of_another_size", Artifacts(weights_of(model), as_json(other))
    rng = np.random.default_rng(SEED)
    taught.set_weights([rng.permutation(array.ravel()).reshape(array.shape) for array in taught.get_weights()])
    yield "shuffled_weights", Artifacts(weights_of(taught), standard)


def misses_a_target(trained: Trained) -> dict[str, Callable[[Any, int], Any]]:
    """Trainings that may reach the accuracy and miss another target."""
    found = {name: train for target in trained.targets for name, train in target.baselines.items()}
    return {name: train for name, train in found.items() if name not in trained.baselines}


def training_data(trained: Trained) -> Any:
    """The first data set that is here.

    Raises:
        NoTrainingData: none is.
    """
    reasons = []
    for dataset in trained.datasets:
        try:
            return dataset.training(trained.budgets[0])
        except NoData as error:
            reasons.append(str(error))
    raise NoTrainingData(f"{trained.name} cannot be verified here. {' '.join(reasons)}")


def another_size(trained: Trained) -> dict[str, Value] | None:
    """Arguments that differ from the standard ones in one number, if the item leaves any free."""
    for name, argument in trained.arguments.items():
        free = argument.whole and not argument.choices and not argument.divides and argument.low < argument.high
        if free:
            low = trained.standard[name] != argument.low
            return trained.standard | {name: int(argument.low if low else argument.high)}
    return None


def as_json(arguments: dict[str, Value]) -> bytes:
    """A file of arguments."""
    return json.dumps(arguments).encode()


def weights_of(model: Any) -> bytes:
    """A model's .weights.h5 file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.weights.h5")
        model.save_weights(str(path))
        return path.read_bytes()
