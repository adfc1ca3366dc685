"""The trained item of a submission: from two files to accuracy, and from accuracy to points."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from typing import Any

import numpy as np
from vitlab.compare import compare
from vitlab.trained import FOLDER, NotAllowed, file_names

from autograder.grade.inputs import generator
from autograder.grade.rules import Rules
from autograder.judge.bars import bar_for, share_of_points
from autograder.judge.trusted import OtherModel, outputs_with
from autograder.read.artifacts import Artifacts, arguments_in
from autograder.read.slice import Analysis, slice_for
from autograder.records import (
    TRAINED,
    Bar,
    Job,
    Lesson,
    NoData,
    Outcome,
    Question,
    Run,
    Statement,
    Trained,
    TrainedVerdict,
    Value,
)
from autograder.run.worker import Worker

COMPARED, TOLERANCE = 256, 1e-4
SEEN = 1_000
"""Inputs of the training data on which the model is tried too."""
ABOVE_TRAINING = 0.05
BY_PLACE = (
    ".weights.h5 stores weights by their place and not by name, so two of one shape that are made in another order "
    "change places without an error"
)


class Settled(Exception):
    """The item's verdict is known before its accuracy is."""

    def __init__(self, outcome: Outcome, message: str, seconds: float = 0.0) -> None:
        """No points; for a fault of ours, no decision either."""
        super().__init__(message)
        self.outcome, self.message, self.seconds = outcome, message, seconds


@dataclass(frozen=True)
class Tried:
    """A model handed in, after it was tried in the sandbox: what came back is of the right shapes and finite."""

    weights: dict[str, np.ndarray]
    outputs: np.ndarray
    seconds: float


@dataclass(frozen=True)
class Inputs:
    """What a model is tried on; the labels stay here."""

    dataset: str
    unseen: np.ndarray
    labels: np.ndarray
    seen: np.ndarray
    seen_labels: np.ndarray


def grade_trained(
    student: str, artifacts: Artifacts, analysis: Analysis, lesson: Lesson, worker: Worker, rules: Rules
) -> tuple[TrainedVerdict, list[str]]:
    """The verdict of a lesson's trained item, and what a person may want to look at.

    Args:
        student: whose work it is.
        artifacts: the files handed in.
        analysis: of the notebook, for a model that students write themselves.
        lesson: has a trained item.
        worker: runs the model.
        rules: of the course.
    """
    trained, most = lesson.trained, lesson.points[TRAINED]
    assert trained is not None
    try:
        arguments = arguments_of(artifacts, trained)
        statements = statements_of(trained, analysis)
        rng = generator(rules.secret, student, lesson.assignment, TRAINED)
        inputs = inputs_of(trained, rng)
        everything = np.concatenate([inputs.unseen, inputs.seen])
        question = Question((everything,), init=arguments)
        paths = trained.paths(arguments)
        job = Job(trained.builder, statements, (question,), (), rules.seconds_trained, artifacts.weights or b"", paths)
        tried = believed(worker.run(job), paths, len(everything), student)
        require_agreement(trained, arguments, tried, inputs, rng)
        return judged(trained, arguments, tried, inputs, lesson.bars, most)
    except Settled as found:
        return TrainedVerdict(found.outcome, 0.0, most, found.message, seconds=round(found.seconds, 3)), []


def arguments_of(artifacts: Artifacts, trained: Trained) -> dict[str, Value]:
    """The arguments that rebuild the model.

    Raises:
        Settled: a file is missing, was not read, or is not allowed.
    """
    names = file_names(trained.name)
    if artifacts.problems:
        raise Settled("refused", " ".join(artifacts.problems))
    missing = [
        f"{FOLDER}/{name}"
        for name, content in zip(names, (artifacts.weights, artifacts.arguments), strict=True)
        if content is None
    ]
    if missing:
        raise Settled(
            "missing",
            f"Not handed in: {' and '.join(missing)}. Train your model, save it with save_trained(...), and hand in "
            f"the folder {FOLDER}/ with both files beside the notebook.",
        )
    try:
        return arguments_in(artifacts.arguments or b"", trained)
    except NotAllowed as error:
        raise Settled("failed", f"{FOLDER}/{names[1]}: {error}.") from None


def statements_of(trained: Trained, analysis: Analysis) -> tuple[Statement, ...]:
    """The code that makes the model: given, or the student's own.

    Raises:
        Settled: no cell defines it.
    """
    if trained.given:
        return (Statement(trained.given, "given", 1),)
    part = slice_for(trained.builder, analysis)
    if not part.binding_cells:
        raise Settled("missing", f"No cell defines `{trained.builder}`, the model that your weights belong to.")
    return part.statements


def inputs_of(trained: Trained, rng: np.random.Generator) -> Inputs:
    """Unseen inputs, and some of those that students train on, from the first data set that is here.

    Raises:
        Settled: none is.
    """
    reasons = []
    for dataset in trained.datasets:
        try:
            unseen, labels = dataset.unseen(rng)
            seen, seen_labels = dataset.training(trained.budgets[0])[0]
        except NoData as error:
            reasons.append(str(error))
            continue
        chosen = rng.permutation(len(seen))[:SEEN]
        return Inputs(dataset.name, unseen, labels, seen[chosen], seen_labels[chosen])
    message = "The test data is not on the grader's machine, so a person will decide."
    logging.getLogger(__name__).error("%s cannot be graded here: %s", trained.name, " ".join(reasons))
    raise Settled("infra_error", message)


def believed(run: Run, paths: tuple[str, ...], count: int, student: str) -> Tried:
    """What came back from the sandbox, once it is seen to be weights and outputs.

    Raises:
        Settled: it is not; or the code ended before, or failed.
    """
    if run.ended == "infra_error":
        logging.getLogger(__name__).error("The trained item of %r could not be run: %s", student, run.message)
        raise Settled("infra_error", "A fault of the grader's machine, not yours: a person will look.", run.seconds)
    if run.ended != "finished":
        raise Settled(run.ended, run.message, run.seconds)
    answer = run.answers[0]
    if answer.error is not None:
        raise Settled("failed", f"{answer.error}.", run.seconds)
    found = answer.value if isinstance(answer.value, dict) else {}
    weights, outputs = found.get("weights"), found.get("outputs")
    if not isinstance(weights, dict) or set(weights) != set(paths) or not isinstance(outputs, np.ndarray):
        raise Settled("failed", "The code answered something else than the model's weights and outputs.", run.seconds)
    arrays = {"the outputs": outputs, **{f"the weight `{path}`": weights[path] for path in paths}}
    for name, array in arrays.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f" or not np.isfinite(array).all():
            raise Settled("failed", f"Expected finite numbers in {name}: did the training diverge?", run.seconds)
    if len(outputs) != count:
        raise Settled("failed", f"Expected an output for each of {count} inputs, got {len(outputs)}.", run.seconds)
    return Tried({path: weights[path] for path in paths}, outputs, run.seconds)


def require_agreement(
    trained: Trained, arguments: dict[str, Value], tried: Tried, inputs: Inputs, rng: np.random.Generator
) -> None:
    """The reference model with the same weights must give the same outputs: accuracy hides no wrong model.

    Raises:
        Settled: it does not, or the weights have other shapes.
    """
    chosen = np.sort(rng.permutation(len(inputs.unseen))[:COMPARED])
    try:
        expected = outputs_with(trained.reference, arguments, tried.weights, inputs.unseen[chosen])
    except OtherModel as error:
        raise Settled("failed", str(error), tried.seconds) from None
    difference = compare(expected, tried.outputs[: len(inputs.unseen)][chosen], TOLERANCE)
    if difference:
        message = (
            f"With your weights, your model and ours give different outputs ({difference}). Either your model computes "
            f"something else than the text asks, or its code was changed after training: {BY_PLACE}."
        )
        raise Settled("failed", message, tried.seconds)


def judged(
    trained: Trained,
    arguments: dict[str, Value],
    tried: Tried,
    inputs: Inputs,
    bars: tuple[Bar, ...],
    most: float,
) -> tuple[TrainedVerdict, list[str]]:
    """Accuracy, controls and points of a model that computes what it should."""
    count = len(inputs.unseen)
    accuracy = trained.score(tried.outputs[:count], inputs.labels)
    seen = trained.score(tried.outputs[count:], inputs.seen_labels)
    measures = {"accuracy": accuracy, "accuracy on training data": seen}
    failing = ""
    for control in trained.controls:
        changed = {**arguments, **control.change(arguments)}
        outputs = outputs_with(trained.reference, changed, tried.weights, inputs.unseen)
        measures[control.name] = trained.score(outputs, inputs.labels)
        failing = failing or (control.message if measures[control.name] > control.at_most else "")
    bar = bar_for(trained, bars, inputs.dataset)
    share = 0.0 if failing or bar is None else share_of_points(accuracy, bar)
    outcome: Outcome = "infra_error" if bar is None else "passed" if share == 1 else "partial" if share else "failed"
    verdict = TrainedVerdict(
        outcome,
        round(share * most, 2),
        most,
        failing or words_for(accuracy, count, bar, inputs.dataset),
        round(accuracy, 6),
        {name: round(value, 6) for name, value in measures.items()},
        {"full_marks_at": bar.full_marks_at, "zero_at": bar.zero_at} if bar else None,
        inputs.dataset,
        bar.budget if bar else None,
        hash_of(tried.weights),
        round(tried.seconds, 3),
    )
    above = accuracy > seen + ABOVE_TRAINING
    return verdict, [f"worth a look: {accuracy:.1%} right on unseen data, {seen:.1%} on training data"] if above else []


def words_for(accuracy: float, count: int, bar: Bar | None, dataset: str) -> str:
    """What a student reads of a model that was measured."""
    words = f"{accuracy:.1%} right on {count:,} unseen inputs"
    if bar is None:
        return f"{words}. No bar has been calibrated for this item yet, so a person will decide."
    words += f": full marks from {bar.full_marks_at:.1%}, none at {bar.zero_at:.1%} or below, evenly between."
    if bar.dataset != dataset:
        words += f" The bar was measured on {bar.dataset}, which is slightly easier than {dataset}."
    if accuracy <= bar.zero_at:
        words += f" If you measured much more yourself, was the model's code changed after training? {BY_PLACE}."
    return words


def hash_of(weights: dict[str, Any]) -> str:
    """Hash of the weights' numbers, whatever file held them."""
    digest = hashlib.sha256()
    for path, array in sorted(weights.items()):
        digest.update(path.encode() + repr(array.shape).encode() + array.astype(np.float32).tobytes())
    return digest.hexdigest()
