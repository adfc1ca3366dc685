"""A class of hostile hand-ins and three honest students, by the whole path: nobody is lost, nothing is wrong."""

import os
import shutil
import time

import contents  # noqa: F401 (enters its hand-ins into the table)
import notebooks  # noqa: F401 (the same)
import pytest
from classroom import ASSIGNMENT
from files import FIRST, HOSTILE, NOTEBOOK, NOTHING, UNHARMED, as_bytes
from nbgrader.api import Gradebook

from autograder.crew.means import Means
from autograder.demo.run import material_of
from autograder.grade.classroom import grade_class
from autograder.gradebook.steps import generate_feedback, save_scores
from autograder.run import isolation

HONEST = tuple(f"honest-{i}" for i in range(3))
EVERYBODY = [*HONEST, *HOSTILE]
SHOWN = EVERYBODY if os.environ.get("ADVERSARIES") == "all" else [*HONEST, *list(HOSTILE)[::6]]
"""Whose work goes on into the gradebook and a feedback page: with ADVERSARIES=all everybody's, which takes minutes."""


class Clock:
    """Seconds between its calls, by student."""

    def __init__(self):
        self.taken, self.last = {}, time.monotonic()

    def __call__(self, student, *_):
        now = time.monotonic()
        self.taken[student], self.last = now - self.last, now


@pytest.fixture(scope="module")
def course(released, copy_of):
    """A course of its own, with the limits of the suite."""
    return copy_of(released, "files")


@pytest.fixture(scope="module")
def material(course):
    """What notebooks are made of."""
    return material_of(course, ASSIGNMENT)


@pytest.fixture(scope="module")
def graded(course, material):
    """(verdicts, clock of grading, clock of the gradebook) of everybody, one after the other; then their feedback."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    solved = material.solved()
    for name in EVERYBODY:
        folder = course.submission(ASSIGNMENT, name)
        folder.mkdir(parents=True)
        if name in HONEST:
            (folder / NOTEBOOK).write_bytes(as_bytes(solved))
        else:
            HOSTILE[name][0](folder, solved, course)
    grading = Clock()
    verdicts = grade_class(course, ASSIGNMENT, EVERYBODY, Means(workers=2), report=grading)
    saving = Clock()
    for name in set(EVERYBODY) - set(SHOWN):
        shutil.rmtree(course.submission(ASSIGNMENT, name).parent, ignore_errors=True)
    save_scores(course, ASSIGNMENT, SHOWN, saving)
    generate_feedback(course, ASSIGNMENT)
    return verdicts, grading, saving


def test_every_exercise_of_everybody_has_an_outcome_that_is_not_ours(graded):
    outcomes = {name: {part.outcome for part in verdict.exercises.values()} for name, verdict in graded[0].items()}
    assert [name for name in EVERYBODY if len(graded[0][name].exercises) != 6] == []
    assert {name: found for name, found in outcomes.items() if "infra_error" in found} == {}


def test_everybody_has_the_points_that_their_work_is_worth(graded, material):
    rest = material.full - material.points["attention_scores"]
    worth = {NOTHING: 0.0, UNHARMED: material.full, FIRST: rest}
    wanted = {**dict.fromkeys(HONEST, material.full), **{name: worth[kind] for name, (_, kind) in HOSTILE.items()}}
    found = {name: verdict.points for name, verdict in graded[0].items()}
    assert {name: (found[name], wanted[name]) for name in wanted if found[name] != wanted[name]} == {}


def test_the_gradebook_has_everybodys_points(graded, course):
    with Gradebook(f"sqlite:///{course.path / 'gradebook.db'}") as gradebook:
        found = {
            submission.student.id: sum(
                grade.auto_score for grade in submission.notebooks[0].grades if grade.auto_score is not None
            )
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
    assert {name: found.get(name) for name in SHOWN if found.get(name) != graded[0][name].points} == {}


def test_everybody_has_a_feedback_page(graded, course):
    pages = {name: course.path / "feedback" / name / ASSIGNMENT / f"{ASSIGNMENT}.html" for name in SHOWN}
    assert [name for name, page in pages.items() if not page.is_file()] == []


def test_nobody_takes_longer_than_their_exercises_may(graded):
    bound = 120.0  # what six exercises may take with the limits that students are told
    for clock in graded[1:]:
        assert {name: seconds for name, seconds in clock.taken.items() if seconds > bound} == {}


def test_no_secret_is_shown_to_anybody(graded, course):
    pages = (course.path / "feedback").rglob("*.html")
    assert [page for page in pages if course.secret in page.read_text(encoding="utf-8")] == []
