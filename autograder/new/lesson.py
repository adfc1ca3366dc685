"""The files of a new lesson, from templates that hold one small and real exercise."""

from __future__ import annotations

import keyword
import re
from pathlib import Path

from autograder.errors import CourseError
from autograder.lessons import CHECKOUT, known_lessons

TEMPLATES = Path(__file__).parent / "templates"
NAME = re.compile(r"^\d\d_[a-z][a-z0-9_]*$")
EXERCISE = "weighted_average"
TAKEN = ("datasets", "inputs", "registry")
"""Modules in solutions/ that belong to all lessons."""


class NotANewLesson(CourseError):
    """No lesson can be made under this name; says why."""


def make_lesson(assignment: str, checkout: Path = CHECKOUT, exercise: str = EXERCISE) -> list[Path]:
    """Write the files of a new lesson.

    Args:
        assignment: two digits and a name, e.g. "12_my_topic".
        exercise: name of its one exercise, a function's or a class's.
        checkout: where course/ and solutions/ lie.

    Returns:
        The files, as paths from the checkout.

    Raises:
        NotANewLesson: a name is not of this form, or is in use.
    """
    number, _, topic = assignment.partition("_")
    if not NAME.match(assignment) or topic in TAKEN:
        raise NotANewLesson(
            "Expected two digits and a name of small letters, e.g. 12_my_topic. "
            f"Received: {assignment}. In use: {', '.join(known_lessons())}."
        )
    if not exercise.isidentifier() or keyword.iskeyword(exercise):
        raise NotANewLesson(f"Expected a name that a function can have, e.g. patch_grid. Received: {exercise}.")
    solutions = checkout / "solutions" / topic
    in_use = [*(checkout / "course").glob(f"{number}_*"), *([solutions] if solutions.exists() else [])]
    if in_use:
        there = in_use[0].relative_to(checkout)
        raise NotANewLesson(f"Expected a new number and a new name. There is {there} already.")
    places = {"lesson.py": checkout / "course" / assignment}
    written = []
    for template in sorted(TEMPLATES.rglob("*.txt")):  # no .py: these are no modules of ours
        name = template.relative_to(TEMPLATES).with_suffix("")
        path = places.get(str(name), solutions) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(filled(template.read_text(encoding="utf-8"), number, topic, exercise), encoding="utf-8")
        written.append(path.relative_to(checkout))
    return written


def filled(text: str, number: str, topic: str, exercise: str) -> str:
    """A template with the lesson's number and names put in."""
    words = topic.replace("_", " ")
    values = {
        "@NUMBER@": str(int(number)),
        "@TOPIC@": topic,
        "@TITLE@": words[0].upper() + words[1:],
        EXERCISE: exercise,
    }
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
