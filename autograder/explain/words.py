"""An appeal in words for a terminal: inputs, expected and got of each case, arrays shortened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from vitlab.compare import as_array, compare_part, shape_of

from autograder.explain.appeal import Appeal
from autograder.judge.score import distinct_questions
from autograder.records import Answer, Case, Question

MOST_NUMBERS = 24
DIGITS = 5
INDENT = " " * 12
WAYS = {
    "gradients": "the gradients of its answer, one number, to each input of floats",
    "evaluation": "the model's loss on a batch in evaluate",
    "training": "the model's loss and weights after a step for each batch, at a learning rate of 1",
}
"""What is asked for in place of a plain answer."""


def words_of(appeal: Appeal) -> str:
    """The whole appeal as text."""
    verdict = appeal.verdict
    lines = [
        f"{appeal.assignment}, {appeal.student}, {appeal.exercise}: {verdict.outcome}, "
        f"{verdict.points:g} of {verdict.max_points:g} points"
    ]
    if appeal.kept_points is not None and abs(appeal.kept_points - verdict.points) > 1e-6:
        lines.append(f"The verdict file says {appeal.kept_points:g}: it is of an earlier grading. Grade again.")
    if appeal.rules and appeal.rules.older:
        lines.append(f"Begun on the older release {appeal.rules.release}, and judged by it.")
    if verdict.stand_ins:
        lines.append(f"Run with right versions of {', '.join(verdict.stand_ins)}, which had failed before.")
    if verdict.misconception:
        lines.append(f"Recognised: {verdict.misconception}. {verdict.hint}".rstrip())
    if not appeal.cases:
        lines += [f"It was not run. {case.name}: {case.message}" for case in verdict.cases]
    return printable("\n".join([*lines, *case_blocks(appeal)])) + "\n"


def printable(text: str) -> str:
    """A text without signs that would command a terminal: students write messages too."""
    return "".join(sign if sign.isprintable() or sign == "\n" else ascii(sign)[1:-1] for sign in text)


def case_blocks(appeal: Appeal) -> Iterator[str]:
    """Each graded case: its weight, its inputs, what was expected and what came."""
    whole = sum(case.weight for case in appeal.cases)
    graded = [case for case in appeal.cases if case.weight > 0]
    for case, judged in zip(graded, appeal.verdict.cases if graded else (), strict=True):
        expected, answer = answers_to(case, appeal)
        sign = "✓" if judged.passed else "✗"
        yield f"\n{sign} {case.name}  ({case.weight / whole:.0%} of the exercise)"
        if judged.message:
            yield f"  said      {judged.message}"
        yield from (f"  {name:9} {text}" for name, text in inputs_of(case.question))
        yield f"  expected  {shown_answer(expected, case)}"
        yield f"  got       {shown_answer(answer, case)}"
        place = first_difference(case, expected, answer)
        if place is not None:
            wanted, got = (number_at(one, case, place) for one in (expected, answer))
            yield f"  → first different at {list(place)}: expected {wanted}, got {got}"


def answers_to(case: Case, appeal: Appeal) -> tuple[Answer, Answer | None]:
    """Expected and received answer to a case's question; None for one that was not reached."""
    i = next(i for i, question in enumerate(distinct_questions(appeal.cases)) if question is case.question)
    answers = appeal.run.answers if appeal.run else ()
    return appeal.expected[i], answers[i] if i < len(answers) else None


def inputs_of(question: Question) -> Iterator[tuple[str, str]]:
    """Name and text of everything that a question hands over."""
    if question.init is not None:
        yield "made with", ", ".join(f"{name}={value!r}" for name, value in question.init.items()) or "no arguments"
    if question.method:
        yield "asked", f"its method {question.method}, after a call"
    if question.way != "value":
        yield "asked", WAYS[question.way]
    for i, value in enumerate(question.args):
        yield f"input {i + 1}", shown(value)
    for name, value in question.kwargs.items():
        yield name, shown(value)
    for path, array in question.weights.items():
        yield path, shown(array)


def shown_answer(answer: Answer | None, case: Case) -> str:
    """The part of an answer that a case compares."""
    if answer is None:
        return "nothing: the code ended before"
    return f"an error: {answer.error}" if answer.error is not None else shown(part_of(answer.value, case.part))


def part_of(value: Any, part: str | int | None) -> Any:
    """The part of an answer under a key or index; all of the answer where it has no such part."""
    try:
        return value if part is None else value[part]
    except (KeyError, IndexError, TypeError):
        return value


def shown(value: Any) -> str:
    """A plain value on a few lines: of a large array its shape and its corners."""
    if isinstance(value, list | tuple) and shape_of(list(value)) is None:
        return "(" + ", ".join(shown(item) for item in value) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(item)}" for key, item in value.items()) + "}"
    if not isinstance(value, np.ndarray):
        return ascii(value)[:200]
    edge = 2 if value.ndim < 3 else 1
    value = np.array(value + 0.0) if value.dtype.kind == "f" else value  # no -0
    text = np.array2string(value, precision=DIGITS, threshold=MOST_NUMBERS, edgeitems=edge, suppress_small=True)
    text = text.replace("\n\n", "\n").replace("\n", "\n" + INDENT)
    return f"{value.dtype} {value.shape}" + (f"\n{INDENT}{text}" if value.ndim else f" {text}")


def first_difference(case: Case, expected: Answer, answer: Answer | None) -> tuple[int, ...] | None:
    """The first index at which two arrays differ by the case's tolerance; None where that is not what is wrong."""
    if answer is None or answer.error is not None or expected.error is not None:
        return None
    wanted, got = (as_array(part_of(one.value, case.part)) for one in (expected, answer))
    if wanted is None or got is None or wanted.shape != got.shape or not wanted.ndim:
        return None
    flat = zip(wanted.ravel(), got.ravel(), strict=True)
    differ = (compare_part(np.asarray(one), np.asarray(other), None, case.tolerance, case.floor) for one, other in flat)
    first = next((i for i, message in enumerate(differ) if message), None)
    return None if first is None else tuple(int(i) for i in np.unravel_index(first, wanted.shape))


def number_at(answer: Answer | None, case: Case, place: tuple[int, ...]) -> str:
    """One number of an answer."""
    assert answer is not None
    return f"{np.asarray(part_of(answer.value, case.part))[place]:.7g}"
