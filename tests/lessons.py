"""All lessons, for tests that hold for each of them."""

from functools import cache
from importlib import import_module

from autograder.build.instructor import lesson_points
from autograder.lessons import CHECKOUT, known_lessons, load_lesson, read_bars, solution_folder

LESSONS = known_lessons()


def solutions_of(assignment, part):
    """A module of a lesson's solutions: reference, cases, misconceptions, stand_ins."""
    return import_module(f"solutions.{assignment.partition('_')[2]}.{part}")


def exercises_of(assignment):
    """The exercises of a lesson, in order."""
    return solutions_of(assignment, "cases").EXERCISES


EXERCISES = [(assignment, exercise) for assignment in LESSONS for exercise in exercises_of(assignment)]
NAMES = [f"{assignment}-{exercise.name}" for assignment, exercise in EXERCISES]


def told_of_bars(assignment):
    """What the text should tell of the bars: full marks and no marks of each measure, and the ends of each range.

    Those for the budget "cpu"; nothing before `autograder calibrate` was run.
    """
    bars = [bar for bar in read_bars(solution_folder(assignment)) if bar.budget == "cpu"]
    ends = [end for bar in bars for end in (bar.full_marks_at, bar.zero_at)]
    ends += [end for bar in bars for ends_of in bar.ranges.values() for end in ends_of if end is not None]
    return [f"{end:.0%}".replace("%", " %") for end in ends]


def text_of(assignment):
    """A lesson's source as one line."""
    source = (CHECKOUT / "course" / assignment / "lesson.py").read_text(encoding="utf-8")
    return " ".join(source.replace("\n# ", " ").split())


@cache
def loaded(assignment):
    """A lesson as the engine knows it."""
    return load_lesson(assignment, lesson_points(assignment))
