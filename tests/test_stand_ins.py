"""Whoever failed one exercise can have full marks in all others: ours are in place of what these call."""

import pytest
from lessons import LESSONS, loaded, solutions_of

from autograder.grade.exercise import Notebook, with_stand_ins
from autograder.grade.rules import Rules
from autograder.lessons import CHECKOUT
from autograder.read.code import read_code
from autograder.read.notebook import Cell, Submission
from autograder.read.slice import analyse, slice_for


def reference_of(assignment):
    """The reference as a student's code."""
    source = (CHECKOUT / "solutions" / assignment.partition("_")[2] / "reference.py").read_text(encoding="utf-8")
    submission = Submission("s", assignment, (Cell("reference", None, "code", source),))
    code = read_code(submission.cells, frozenset())
    return Notebook(submission, code, analyse(code))


def called_by(name, assignment, notebook):
    """The exercises that one calls, itself or by another one, and that have a stand-in."""
    names = slice_for(name, notebook.analysis).names
    return [other for other in solutions_of(assignment, "stand_ins").STAND_INS if other in names and other != name]


CALLING = [
    (assignment, exercise.name, called)
    for assignment, notebook in ((assignment, reference_of(assignment)) for assignment in LESSONS)
    for exercise in solutions_of(assignment, "cases").EXERCISES
    if (called := called_by(exercise.name, assignment, notebook))
]


@pytest.mark.parametrize(
    ("assignment", "name", "called"), CALLING, ids=[f"{assignment}-{name}" for assignment, name, _ in CALLING]
)
def test_an_exercise_is_right_with_stand_ins_for_all_that_it_calls(assignment, name, called, worker):
    rules = Rules("a secret", seconds=180.0)
    tried = with_stand_ins(name, called, reference_of(assignment), loaded(assignment), worker, rules)
    assert [case for case in tried.verdict.cases if not case.passed] == []
    assert tried.verdict.outcome == "passed"
