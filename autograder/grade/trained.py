"""The trained item of a submission: from two files to accuracy, and from accuracy to points."""

from __future__ import annotations

import logging

import numpy as np
from vitlab.trained import FOLDER, NotAllowed, file_names

from autograder.grade.inputs import generator
from autograder.grade.measured import ACCURACY, ON_TRAINING_DATA, Inputs, drawn, measured, words_for
from autograder.grade.rules import Rules
from autograder.grade.tried import Settled, Tried, believed, hash_of, require_agreement
from autograder.judge.bars import bar_for, items_of, share_of_points
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
    Statement,
    Trained,
    TrainedVerdict,
    Value,
)
from autograder.run.worker import Worker

ABOVE_TRAINING = 0.05


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
        asked = trained.asked(everything)
        question = Question(asked, init=arguments)
        paths = trained.paths(arguments)
        job = Job(trained.builder, statements, (question,), (), rules.seconds_trained, artifacts.weights or b"", paths)
        tried = believed(worker.run(job), paths, len(everything), student)
        require_agreement(trained, arguments, tried, asked, len(inputs.unseen), rng)
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
            return drawn(dataset, trained.budgets[0], rng)
        except NoData as error:
            reasons.append(str(error))
    message = "The test data is not on the grader's machine, so a person will decide."
    logging.getLogger(__name__).error("%s cannot be graded here: %s", trained.name, " ".join(reasons))
    raise Settled("infra_error", message)


def judged(
    trained: Trained,
    arguments: dict[str, Value],
    tried: Tried,
    inputs: Inputs,
    bars: tuple[Bar, ...],
    most: float,
) -> tuple[TrainedVerdict, list[str]]:
    """Points of a model that computes what it should."""
    known = [bar for item in items_of(trained) if (bar := bar_for(item, bars, inputs.dataset))]
    ranges = {name: ends for bar in known for name, ends in bar.ranges.items()}
    found = measured(trained, arguments, tried, inputs, ranges)
    accuracy, seen = found.measures[ACCURACY], found.measures[ON_TRAINING_DATA]
    decided = len(known) == len(found.scores) and all(one.name in ranges for one in trained.requirements)
    shares = [share_of_points(score, bar) for score, bar in zip(found.scores, known, strict=False)]
    share = sum(shares) / len(shares) if decided and not found.failing else 0.0
    outcome: Outcome = "infra_error" if not decided else "passed" if share == 1 else "partial" if share else "failed"
    verdict = TrainedVerdict(
        outcome,
        round(share * most, 2),
        most,
        found.failing
        or words_for(trained, found.measures, len(inputs.unseen), known if decided else [], inputs.dataset),
        round(accuracy, 6),
        {name: round(value, 6) for name, value in found.measures.items()},
        {"full_marks_at": known[0].full_marks_at, "zero_at": known[0].zero_at} if decided else None,
        inputs.dataset,
        known[0].budget if decided else None,
        hash_of(tried.weights),
        round(tried.seconds, 3),
    )
    above = accuracy > seen + ABOVE_TRAINING
    return verdict, [f"worth a look: {accuracy:.1%} right on unseen data, {seen:.1%} on training data"] if above else []
