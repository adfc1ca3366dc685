"""Which known mistakes in a layer come into question: those that are right, wrong and broken where the submission is.

To ask one a hidden question is to build a layer or a model, up to a quarter of a second every time. How it fares on the
public examples is known since the lesson was built, and the hidden ones are drawn from the same cases. Functions are
asked in a thousandth of that, and their cases leave more to chance: there every known mistake comes into question.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from vitlab import fixtures
from vitlab.diagnose import agree

from autograder.build.inputs import RECORD, sources_digest
from autograder.judge.score import as_dict, distinct_questions, rule_of
from autograder.lessons import CHECKOUT, fingerprint, solution_folder
from autograder.records import TRAINED, Answer, Case, Lesson, Run

Mark = Literal["right", "wrong", "error"] | None
"""How one question was answered; None where that says nothing."""
LEEWAY = 1
"""Questions on which the two may fare differently all the same: other numbers can hide a mistake, or show it."""
CLEARLY = 100.0
"""Times the tolerance: what differs by less may be within it for other numbers."""


def out_of_question(
    name: str, lesson: Lesson, cases: Sequence[Case], expected: Sequence[Answer], run: Run
) -> frozenset[str]:
    """Ids of the known mistakes of an exercise that need not be asked; none for a function.

    Args:
        name: of the exercise.
        lesson: by which it is judged.
        cases: what the submission was asked.
        expected: the reference's answers to the distinct questions.
        run: the submission's.
    """
    questions = distinct_questions(cases)
    if not is_todays(lesson) or any(question.init is None for question in questions):
        return frozenset()
    rules = [rule_of(question, cases) for question in questions]
    answers = [as_dict(answer) for answer in run.answers] + [None] * (len(rules) - len(run.answers))
    own = marks([as_dict(answer) for answer in expected], answers, rules)
    known = public_marks(lesson.assignment).get(name, {})
    return frozenset(id for id, others in known.items() if differences(own, others) > LEEWAY)


def differences(one: Sequence[Mark], other: Sequence[Mark]) -> int:
    """On how many questions two fare differently; none where they were not asked the same."""
    return sum(a != b for a, b in zip(one, other, strict=True) if a and b) if len(one) == len(other) else 0


def marks(
    expected: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any] | None], rules: Sequence[dict[str, Any]]
) -> tuple[Mark, ...]:
    """How each question was answered; what was not answered, or is left to chance, says nothing.

    Nor do some errors among other answers: which sizes a mistake cannot deal with changes with the sizes.
    """
    found = [
        None if answer is None or rule["chance"] else mark(right, answer, rule)
        for right, answer, rule in zip(expected, answers, rules, strict=True)
    ]
    return tuple(None if one == "error" and {"right", "wrong"}.intersection(found) else one for one in found)


def mark(expected: dict[str, Any], answer: dict[str, Any], rule: dict[str, Any]) -> Mark:
    """How one question was answered."""
    if "error" in answer:
        return "error"
    if agree(expected, answer, rule):
        return "right"
    return None if agree(expected, answer, {**rule, "tolerance": CLEARLY * rule["tolerance"]}) else "wrong"


def is_todays(lesson: Lesson) -> bool:
    """Whether a lesson is the checkout's, not that of an older release."""
    return lesson.fingerprint == todays_fingerprint(lesson.assignment, tuple(lesson.points.items()))


@cache
def todays_fingerprint(assignment: str, points: tuple[tuple[str, float], ...]) -> str:
    """That of the checkout's lesson."""
    return fingerprint(assignment, dict(points))


@cache
def public_marks(assignment: str) -> dict[str, dict[str, tuple[Mark, ...]]]:
    """Exercise to known mistake to how it answers the public questions; nothing where the fixture is out of date."""
    exercises, trained = fixtures.read(CHECKOUT / "course/vitlab/fixtures" / f"{assignment}.npz")
    folder = solution_folder(assignment)
    sources = sources_digest(CHECKOUT, folder.name, sorted([*exercises, *([TRAINED] if trained else [])]))
    if json.loads((folder / RECORD).read_text(encoding="utf-8"))["sources"] != sources:
        return {}
    return {name: marks_in(fixture) for name, fixture in exercises.items()}


def marks_in(fixture: dict[str, Any]) -> dict[str, tuple[Mark, ...]]:
    """Known mistake to how it answers an exercise's public questions; right answers that are sealed say nothing."""
    sealed = {case["question"] for case in fixture["cases"] if case["sealed"]}
    rules = [{**rule, "chance": rule["chance"] or i in sealed} for i, rule in enumerate(fixture["rules"])]
    return {id: marks(fixture["expected"], own, rules) for id, own in fixture["variants"].items()}
