"""All lessons, for tests that hold for each of them."""

from functools import cache
from importlib import import_module

from autograder.build.instructor import lesson_points
from autograder.lessons import known_lessons, load_lesson

LESSONS = known_lessons()


def solutions_of(assignment, part):
    """A module of a lesson's solutions: reference, cases, misconceptions, stand_ins."""
    return import_module(f"solutions.{assignment.partition('_')[2]}.{part}")


def exercises_of(assignment):
    """The exercises of a lesson, in order."""
    return solutions_of(assignment, "cases").EXERCISES


EXERCISES = [(assignment, exercise) for assignment in LESSONS for exercise in exercises_of(assignment)]
NAMES = [f"{assignment}-{exercise.name}" for assignment, exercise in EXERCISES]


@cache
def loaded(assignment):
    """A lesson as the engine knows it."""
    return load_lesson(assignment, lesson_points(assignment))
