"""The class that the benchmarks grade: a third right, a third wrong, a third half done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.build.instructor import lesson_source
from autograder.build.lesson import read_lesson
from autograder.lessons import CHECKOUT, solution_folder
from autograder.simulate import as_bytes, edited, from_answers

ASSIGNMENT = "01_attention"
KINDS = ("right", "wrong", "half")
STRIDE = 7  # through the kept wrong answers, which stand in the order of the exercises


def reference_answers() -> dict[str, str]:
    """Exercise to the reference's source."""
    cells = read_lesson(lesson_source(ASSIGNMENT), CHECKOUT / "solutions")
    return {cell.exercise: cell.source for cell in cells if cell.exercise}


def hand_ins(released: dict[str, Any], count: int, mix: int) -> dict[str, bytes]:
    """Student to notebook, written into any release that has the lesson's exercise cells.

    Args:
        released: the released notebook, ours or stock.
        count: how many students.
        mix: how many different submissions; further students hand in copies of them.
    """
    made = [hand_in(released, i) for i in range(min(count, mix))]
    return {f"s{i:05}-{KINDS[i % mix % 3]}": made[i % mix] for i in range(count)}


def hand_in(released: dict[str, Any], i: int) -> bytes:
    """The i-th submission: the reference, a kept wrong answer in one exercise, or the first half of the exercises."""
    answers = reference_answers()
    if KINDS[i % 3] == "wrong":
        return as_bytes(from_answers(wrong_answer(i // 3), released, answers))
    names = list(answers)[: len(answers) // 2 if KINDS[i % 3] == "half" else None]
    return as_bytes(edited(released, {name: answers[name] for name in names}))


def wrong_answer(k: int) -> Path:
    """The k-th wrong answer, in an order that soon comes to every exercise."""
    paths = sorted((solution_folder(ASSIGNMENT) / "answers" / "wrong").glob("*.py"))
    return paths[k * STRIDE % len(paths)]


def full_and_half(points: dict[str, float]) -> tuple[float, float]:
    """What a right and a half-done submission should earn."""
    values = list(points.values())
    return sum(values), sum(values[: len(values) // 2])
