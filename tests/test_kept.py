"""Answers that were kept are those that were given, and are asked again when anything that decides them changes."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import vitlab
from classroom import ASSIGNMENT, hand_in

from autograder.build.inputs import file_of, imported
from autograder.demo.run import material_of
from autograder.grade.answers import MOST, Remembering, dump, load
from autograder.grade.kept import safe_reader
from autograder.grade.parcel import ASKING, grade_parcel, parcel_of
from autograder.grade.rules import Rules, key_of
from autograder.lessons import CHECKOUT
from autograder.read.notebook import Submission
from autograder.records import Answer, Job, Limits, Question, Run, Statement
from autograder.simulate import as_bytes

X = np.arange(6, dtype=np.float32).reshape(2, 3)
JOB = Job("f", (Statement("def f(x): return x", "f", 1),), (Question((X,)),), ("keras.ops.softmax",), 20.0)
DEEP = {"a": [X, {"b": (np.float64(0.1) * np.ones(()), [1, 2.5, None, "é", True])}]}


class Counting:
    """A worker that counts what it runs."""

    layers = ("none",)

    def __init__(self, found):
        self.found, self.jobs = found, 0

    def run(self, job):
        self.jobs += 1
        return self.found


def finished(value):
    """A run with one answer."""
    return Run("finished", (Answer(value=value), Answer(error="ValueError: é")), reached=("a",), seconds=0.1 + 0.2)


def graded_again(job, found, **changes):
    """How many jobs are run the second time."""
    first = Remembering(Counting(found), Limits(), "engine", None)
    first.run(JOB)
    again = {"limits": Limits(), "engine": "engine", "kept": first.dump(), **changes}
    worker = Counting(found)
    Remembering(worker, again["limits"], again["engine"], again["kept"]).run(job)
    return worker.jobs


def test_what_is_kept_comes_back_as_it_was():
    run = finished(DEEP)
    back = load(dump({"key": run}))["key"]
    assert replace(back, answers=()) == replace(run, answers=())
    assert back.answers[1] == run.answers[1]
    array = back.answers[0].value["a"][0]
    assert (array == X).all()
    assert array.dtype == X.dtype
    assert back.answers[0].value["a"][1]["b"][1] == [1, 2.5, None, "é", True]


def test_the_same_job_is_not_run_again():
    assert graded_again(JOB, finished(X)) == 0


@pytest.mark.parametrize("ended", ["timeout", "crashed", "out_of_memory"])
def test_an_end_that_is_the_codes_own_is_kept_too(ended):
    assert graded_again(JOB, Run(ended, message="why")) == 0


def test_a_fault_of_ours_is_not_kept():
    assert graded_again(JOB, Run("infra_error", message="why")) == 1


@pytest.mark.parametrize(
    "job",
    [
        replace(JOB, statements=(Statement("def f(x): return -x", "f", 1),)),
        replace(JOB, questions=(Question((X + 1,)),)),
        replace(JOB, questions=(Question((X.astype(np.float64),)),)),
        replace(JOB, questions=(Question((X.reshape(3, 2),)),)),
        replace(JOB, questions=(Question((X,), {"axis": 0}),)),
        replace(JOB, switched_off=()),
        replace(JOB, seconds=10.0),
        replace(JOB, target="g"),
    ],
)
def test_another_job_is_run(job):
    assert graded_again(job, finished(X)) == 1


def test_other_limits_or_another_engine_run_it_again():
    assert graded_again(JOB, finished(X), limits=Limits(processes=7)) == 1
    assert graded_again(JOB, finished(X), engine="another") == 1


def test_answers_that_are_too_large_are_not_kept():
    assert graded_again(JOB, finished(np.zeros(MOST + 1, np.uint8))) == 1


@pytest.mark.parametrize("kept", [b"", b"PK", b"PK\x03\x04" + b"\0" * 40, dump({})[:-30], b"\x93NUMPY"])
def test_a_broken_file_is_as_none(kept):
    assert graded_again(JOB, finished(X), kept=kept) == 1


class Refusing:
    """A worker that runs nothing."""

    limits, layers = Limits(), ("none",)

    def run(self, job):
        """Student code would run here."""
        raise AssertionError("student code was run again")

    run_together = run


def test_a_changed_rubric_scores_a_submission_anew_without_running_it(course, lesson, worker):
    hand_in(course, "kept", as_bytes(material_of(course, ASSIGNMENT).solved()))
    parcel = parcel_of(safe_reader(course, ASSIGNMENT)("kept"), course.rules(ASSIGNMENT), None)
    first = grade_parcel(worker, lesson, parcel)
    dearer = replace(lesson, points={name: 3 * points for name, points in lesson.points.items()})
    second = grade_parcel(Refusing(), dearer, replace(parcel, kept=first.kept))
    assert first.verdict.points > 0
    assert second.verdict.points == 3 * first.verdict.points


def test_whatever_of_vitlab_the_sandbox_runs_makes_another_engine():
    roots = [CHECKOUT, Path(vitlab.__file__).parent.parent]
    waiting, found = [f"autograder.run.{path.stem}" for path in (CHECKOUT / "autograder/run").glob("*.py")], set()
    while waiting:
        name = waiting.pop()
        path = file_of(name, roots)
        if path and name not in found and name.partition(".")[0] in ("autograder", "vitlab"):
            found.add(name)
            waiting += [other for other in imported(path) if other.startswith("vitlab.")]
    assert {name.removeprefix("vitlab.") for name in found if name.startswith("vitlab.")} - {"quiet"} == set(ASKING)


@pytest.mark.parametrize(
    "change", [{"seconds": 21.0}, {"limits": Limits(memory_bytes=2**33)}, {"hints": False}, {"secret": "other"}]
)
def test_a_verdict_depends_on_what_the_course_decides(change):
    submission, rules = Submission("ada", "01_attention"), Rules("seed")
    assert key_of(submission, "lesson", replace(rules, **change)) != key_of(submission, "lesson", rules)
