"""Notebooks changed at random: whatever comes of them, the grader gives an outcome and its records hold."""

import copy
import json
import random
import tempfile
from pathlib import Path

import numpy as np
import pytest
from classroom import ASSIGNMENT
from files import NOTEBOOK
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutate
from nbgrader.api import Gradebook

from autograder.crew.means import Means
from autograder.demo.run import material_of
from autograder.grade.classroom import grade_class
from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission
from autograder.grade.verdict import read_verdict, write_verdict
from autograder.gradebook.steps import generate_feedback, save_scores
from autograder.lessons import CHECKOUT
from autograder.read.notebook import grade_id_of, read_cells, read_submission
from autograder.records import Answer, Case, Exercise, Lesson, Misconception, Question, Run
from autograder.run import isolation
from autograder.run.together import believed
from autograder.simulate import edited

# a small lesson with the real one's names


def scores(q, k):
    """q, k (N, D) -> (N, N)."""
    return q @ k.T


def rows(x):
    """x (N, D) -> rows that sum to 1."""
    numbers = np.exp(x - x.max(axis=-1, keepdims=True))
    return numbers / numbers.sum(axis=-1, keepdims=True)


def figure():
    """Two answers of few choices and one number."""
    return {"line": 3, "why": "scale", "value": 0.5}


def score_cases(rng):
    questions = [Question((rng.normal(size=(n, 5)), rng.normal(size=(n, 5)))) for n in (2, 3)]
    return [Case("values", questions[0]), Case("other shapes", questions[1], floor=-1e9)]


def row_cases(rng):
    return [Case("values", Question((rng.normal(size=(2, 3)),)), weight=2), Case("large", Question((np.eye(3) * 1e3,)))]


def figure_cases(rng):
    question = Question()
    return [Case("line", question, part="line", sealed=True), Case("number", question, weight=0.5, part="value")]


CASES = {"attention_scores": score_cases, "softmax_rows": row_cases, "figure": figure_cases}
POINTS = {"attention_scores": 15.0, "softmax_rows": 10.0, "figure": 7.5}
LESSON = Lesson(
    ASSIGNMENT,
    {"attention_scores": scores, "softmax_rows": rows, "figure": figure},
    {name: Exercise(name, cases, ("keras.ops.softmax",)) for name, cases in CASES.items()},
    (Misconception("attention_scores.swapped", "attention_scores", "variant", "Look again.", lambda q, k: k @ q.T),),
    {"attention_scores": "def attention_scores(q, k):\n    return q @ k.T"},
    POINTS,
    "toy",
)
SOLUTIONS = {
    "attention_scores": "def attention_scores(q, k):\n    return q @ k.T",
    "softmax_rows": "def softmax_rows(x):\n    return attention_scores(x, x)",
    "figure": "def figure():\n    return {'line': 3}",
}
COMMITTED = json.loads((CHECKOUT / "course" / ASSIGNMENT / NOTEBOOK).read_text(encoding="utf-8"))
RELEASED = {
    **COMMITTED,
    "cells": COMMITTED["cells"][:3]
    + [cell for cell in COMMITTED["cells"] if str(grade_id_of(cell)).removeprefix("check_") in [*POINTS, "question_1"]],
}
SOLVED = edited(RELEASED, SOLUTIONS, before=["import numpy as np\n!ls"], after=["x = [attention_scores]"])
STUBS = {cell.grade_id: cell.source for cell in read_cells(RELEASED) if cell.grade_id}

# what a sandbox may send back

numbers = st.sampled_from([0, 1, -1.5, float("nan"), float("inf"), 1e300, 10**400, True])
filled = [("float16", 0), ("float32", float("nan")), ("float64", -1e9), ("int32", 1), ("uint8", 0), ("bool", True)]
arrays = st.builds(
    lambda shape, fill: np.full(shape, fill[1], fill[0]),
    st.lists(st.integers(0, 3), max_size=3),
    st.sampled_from(filled),
)
values = st.recursive(
    st.none() | numbers | arrays | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["line", "value", "é"]), inner),
    max_leaves=6,
)
words = st.text(max_size=30).map(lambda text: "".join(c for c in text if c.isprintable()))
errors = words | st.sampled_from(["MemoryError: x", "ResourceExhaustedError", "NameError: x"])
answers = st.builds(Answer, value=values) | st.builds(Answer, error=errors, weight_error=st.booleans())
ends = st.sampled_from(["finished", "timeout", "out_of_memory", "crashed", "refused"])


class AnyWorker:
    """Sends whatever hypothesis draws."""

    layers = ("none",)

    def __init__(self, data):
        self.data = data

    def run(self, job):
        """A run of any end."""
        ended = self.data.draw(ends)
        count = len(job.questions) if ended == "finished" else self.data.draw(st.integers(0, len(job.questions)))
        right = self.data.draw(st.booleans())
        found = [
            Answer(LESSON.references[job.target](*question.args)) if right else self.data.draw(answers)
            for question in job.questions[:count]
        ]
        reached = job.switched_off if self.data.draw(st.booleans()) else ()
        return Run(ended, tuple(found), self.data.draw(words), reached, 0.1, self.layers)

    def run_together(self, jobs):
        """Some of the runs that count when they come from one process."""
        return believed([self.run(job) for job in jobs], len(jobs))


@settings(max_examples=1000, deadline=None, derandomize=True, print_blob=True, suppress_health_check=list(HealthCheck))
@given(rng=st.randoms(use_true_random=False), data=st.data())
def test_any_notebook_and_any_answers_make_a_verdict_that_reads_back_as_it_was(rng, data):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / NOTEBOOK).write_bytes(mutate(rng, RELEASED, SOLVED))
        submission = read_submission(folder, "ada", ASSIGNMENT)
        verdict = grade_submission(submission, LESSON, AnyWorker(data), Rules("secret", stubs=STUBS))
        for exercise, part in verdict.exercises.items():
            assert part.outcome != "infra_error"
            assert 0 <= part.points <= part.max_points == POINTS[exercise]
        assert set(verdict.exercises) == set(POINTS)
        assert 0 <= verdict.points <= verdict.max_points
        write_verdict(folder / "verdict.json", verdict)
        assert read_verdict(folder / "verdict.json") == verdict


@pytest.fixture(scope="module")
def course(released, copy_of):
    """A course of its own, with the limits of the suite."""
    return copy_of(released, "mutants")


@pytest.fixture(scope="module")
def mutants(course):
    """(verdicts) of a hundred students, after the whole path."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    material = material_of(course, ASSIGNMENT)
    begun = {name: material.answers[name] for name in ("attention_scores", "masked_scores")}
    solved = edited(material.released, begun)
    names = [f"mutant-{seed:02}" for seed in range(100)]
    for seed, name in enumerate(names):
        folder = course.submission(ASSIGNMENT, name)
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_bytes(mutate(random.Random(seed), copy.deepcopy(material.released), solved))
    verdicts = grade_class(course, ASSIGNMENT, names, Means(workers=2))
    save_scores(course, ASSIGNMENT, names)
    generate_feedback(course, ASSIGNMENT)
    return verdicts


def test_every_mutant_has_an_outcome(mutants):
    found = {name: [part.outcome for part in verdict.exercises.values()] for name, verdict in mutants.items()}
    assert {name: outcomes for name, outcomes in found.items() if len(outcomes) != 6 or "infra_error" in outcomes} == {}


def test_every_mutants_score_is_that_of_its_verdict(mutants, course):
    with Gradebook(f"sqlite:///{course.path / 'gradebook.db'}") as gradebook:
        found = {
            submission.student.id: sum(grade.auto_score or 0 for grade in submission.notebooks[0].grades)
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
    assert {name: found.get(name) for name in mutants} == {name: verdict.points for name, verdict in mutants.items()}


def test_every_mutant_has_a_feedback_page(mutants, course):
    pages = {name: course.path / "feedback" / name / ASSIGNMENT / f"{ASSIGNMENT}.html" for name in mutants}
    assert [name for name, page in pages.items() if not page.is_file()] == []
