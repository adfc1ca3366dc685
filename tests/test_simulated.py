"""The simulated class of the demo."""

import json

import pytest
from lessons import LESSONS, loaded, solutions_of

from autograder.build.instructor import lesson_points, lesson_source
from autograder.build.lesson import read_lesson
from autograder.demo.students import MOST_MISTAKEN, Material, every_so_many, mistaken_ones
from autograder.lessons import CHECKOUT
from autograder.read.code import read_code
from autograder.read.notebook import read_cells
from autograder.read.slice import analyse, slice_for

NUMBERS = list("abcdefghijk")


def material(assignment):
    """What the class writes with, on the notebook as it is built."""
    cells = read_lesson(lesson_source(assignment), CHECKOUT / "solutions")
    known = solutions_of(assignment, "misconceptions").MISCONCEPTIONS
    released = CHECKOUT / "course" / assignment / f"{assignment}.ipynb"
    return Material(
        assignment,
        json.loads(released.read_text(encoding="utf-8")),
        {cell.exercise: cell.source for cell in cells if cell.exercise},
        lesson_points(assignment),
        tuple(mistake.id for mistake in known if mistake.kind == "variant"),
    )


@pytest.mark.parametrize(("most", "chosen"), [(11, "abcdefghijk"), (20, "abcdefghijk"), (3, "adh"), (1, "a")])
def test_of_many_mistakes_every_so_many_is_made(most, chosen):
    assert "".join(every_so_many(NUMBERS, most)) == chosen


@pytest.mark.parametrize("assignment", LESSONS)
def test_a_class_has_no_more_mistaken_students_than_a_real_one(assignment):
    assert 0 < len(mistaken_ones(material(assignment))) <= MOST_MISTAKEN


@pytest.mark.parametrize("assignment", LESSONS)
def test_a_mistake_needs_no_more_of_the_notebook_than_the_cell_that_makes_it(assignment):
    exercises = frozenset(loaded(assignment).exercises)
    student = mistaken_ones(material(assignment))[0]
    code = read_code(read_cells(json.loads(student.content)), exercises)
    for name in (mistake.partition(".")[0] for mistake in student.story.split(", ")):
        cells = {statement.cell for statement in slice_for(name, analyse(code)).statements}
        assert name in cells
        assert len(cells) == 2, cells
