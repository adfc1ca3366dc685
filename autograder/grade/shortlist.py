"""Which known mistakes come into question: in a layer, those that are right and wrong where the submission is.

To ask one of these a hidden question is to build a layer or a model, up to a quarter of a second every time. How it
fares on the public examples is known since the lesson was built, and the hidden ones are drawn from the same cases.
Functions are asked in a thousandth of that, and their cases leave more to chance: there every known mistake is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

from vitlab import fixtures
from vitlab.diagnose import ENOUGH, agree

from autograder.build.inputs import RECORD, sources_digest
from autograder.judge.score import as_dict, distinct_questions, rule_of
from autograder.lessons import CHECKOUT, fingerprint, solution_folder
from autograder.records import TRAINED, Answer, Case, Lesson, Misconception, Run

Mark = Literal["right", "wrong", "weights"] | None
"""How one question was answered; None where that says nothing."""
LEEWAY = 1
"""Questions on which the two may fare differently all the same: other numbers can hide a mistake, or show it."""
CLEARLY = 100.0
"""Times the tolerance: what differs by less may be within it for other numbers."""


def in_question(
    name: str, lesson: Lesson, cases: Sequence[Case], expected: Sequence[Answer], run: Run
) -> list[Misconception]:
    """The known mistakes of an exercise that are to be asked what the submission was asked.

    Args:
        name: of the exercise.
        lesson: by which it is judged.
        cases: what the submission was asked.
        expected: the reference's answers to the distinct questions.
        run: the submission's.
    """
    questions = distinct_questions(cases)
    rules = [rule_of(question, cases) for question in questions]
    answers = [as_dict(answer) for answer in run.answers] + [None] * (len(rules) - len(run.answers))
    if sum(can_tell(answer, rule) for answer, rule in zip(answers, rules, strict=True)) < ENOUGH:
        return []
    layers = is_todays(lesson) and all(question.init is not None for question in questions)
    public = public_marks(lesson.assignment).get(name, {}) if layers else {}
    own = marks([as_dict(answer) for answer in expected], answers, rules)
    return [
        known
        for known in lesson.misconceptions
        if known.exercise == name and known.kind == "variant" and known.function and not known.twin
        and differences(own, public.get(known.id, ())) <= LEEWAY
    ]  # fmt: skip


def can_tell(answer: dict[str, Any] | None, rule: dict[str, Any]) -> bool:
    """Whether a mistake could be named by this answer; an error of the code's own counts only where chance decides."""
    return answer is not None and ("error" not in answer or answer["weight_error"] or rule["chance"])


def differences(one: Sequence[Mark], other: Sequence[Mark]) -> int:
    """On how many questions two fare differently; none where they were not asked the same."""
    return sum(a != b for a, b in zip(one, other, strict=True) if a and b) if len(one) == len(other) else 0


def marks(
    expected: Sequence[dict[str, Any]], answers: Sequence[dict[str, Any] | None], rules: Sequence[dict[str, Any]]
) -> tuple[Mark, ...]:
    """How each question was answered; what was not answered, or is left to chance, says nothing."""
    return tuple(
        None if answer is None or rule["chance"] else mark(right, answer, rule)
        for right, answer, rule in zip(expected, answers, rules, strict=True)
    )


def mark(expected: dict[str, Any], answer: dict[str, Any], rule: dict[str, Any]) -> Mark:
    """How one question was answered. An error that is not about weights says nothing: other sizes can hide it."""
    if "error" in answer:
        return "weights" if answer["weight_error"] else None
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
