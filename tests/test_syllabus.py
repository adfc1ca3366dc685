"""Every part of the lecture has a home in the course: docs/syllabus.md says where, and it is there."""

import re

import pytest
from lessons import loaded

from autograder.lessons import CHECKOUT, known_lessons

PARTS = 78
"""Of the lecture, as docs/syllabus.md counts them."""
CONTEXT = {2, 13, 14, 15, 65}
"""Parts that hold nothing to build or measure."""
ROW = re.compile(r"^\| (\d+) \| (.+?) \| (\d\d|context) \| (.+?) \|$", re.MULTILINE)
ROWS = ROW.findall((CHECKOUT / "docs" / "syllabus.md").read_text(encoding="utf-8"))
TAUGHT = [row for row in ROWS if row[2] != "context"]


def test_every_part_of_the_lecture_has_a_row():
    assert [int(number) for number, *_ in ROWS] == list(range(1, PARTS + 1))


def test_only_what_cannot_be_built_is_context():
    assert {int(number) for number, _, lesson, _ in ROWS if lesson == "context"} == CONTEXT


@pytest.mark.parametrize(("number", "part", "lesson", "where"), TAUGHT, ids=[row[0] for row in TAUGHT])
def test_the_place_is_there(number, part, lesson, where):
    assignment = next(name for name in known_lessons() if name.startswith(lesson))
    text = (CHECKOUT / "course" / assignment / "lesson.py").read_text(encoding="utf-8")
    found = [one for one in re.findall(r"`(\w+)`", where) if is_graded(one, assignment, text)]
    sections = [one for one in re.findall(r"section (\d+)", where) if f"# ## {one} · " in text]
    assert found + sections == re.findall(r"`(\w+)`", where) + re.findall(r"section (\d+)", where) != []


def test_every_exercise_of_the_course_is_in_the_map():
    named = {(lesson, name) for _, _, lesson, where in TAUGHT for name in re.findall(r"`(\w+)`", where)}
    exercises = {(one[:2], name) for one in known_lessons() for name in loaded(one).exercises if name != "figure"}
    assert exercises - named == set()


def is_graded(name, assignment, text):
    """Whether a lesson grades something of this name."""
    lesson = loaded(assignment)
    asked = f'question="{name}"' in text or f"**`{name}`" in text
    return name in lesson.exercises or asked or (lesson.trained is not None and name == lesson.trained.name)
