"""Students whose folder is called by bytes that are no text, and terminals that cannot show a class."""

import io
from contextlib import contextmanager

import pytest
from rich.console import Console
from verdicts import ASSIGNMENT, all_alike, part, verdict_of

from autograder import commands
from autograder.crew.means import Means
from autograder.errors import CourseError
from autograder.grade import classroom
from autograder.grade.inputs import generator
from autograder.gradebook import book
from autograder.tables import class_table

ODD = b"J\xf6rg".decode(errors="surrogateescape")


def strict(encoding="utf-8"):
    """A terminal that takes only what can be encoded."""
    return Console(file=io.TextIOWrapper(io.BytesIO(), encoding), width=120)


def printed(console):
    """What it shows."""
    console.file.seek(0)
    return console.file.read()


def test_ordinary_names_have_the_inputs_that_they_always_had():
    assert generator("secret", "Jörg", ASSIGNMENT, "figure").integers(10**9) == 798362663


def test_names_that_are_no_text_have_inputs_of_their_own():
    drawn = [generator("secret", name, ASSIGNMENT, "figure").integers(10**9) for name in (ODD, ODD, "Jörg", "Jrg")]
    assert drawn[0] == drawn[1]
    assert len(set(drawn)) == 3


def test_the_class_table_shows_names_that_are_no_text():
    console, flags = strict(), [f"equal weights: as {ODD}, {'x' * 150}"]
    console.print(class_table({ODD: verdict_of(ODD, {"a": part("passed", 15.0, 15.0)}, flags)}))
    shown = printed(console)
    assert shown.count(r"J\udcf6rg") == 2
    assert shown.count("x") >= 150


class Unsaved(CourseError):
    """Some scores did not reach the gradebook."""


class FakeBook:
    """A gradebook that could not hold somebody."""

    def save(self, student):
        """Nothing."""

    def tell(self):
        """Say so."""
        raise Unsaved


@pytest.fixture
def graded(tmp_path, monkeypatch):
    """A course in which grading is done, and its verdicts."""
    for name in ("nbgrader_config.py", "secret_seed"):
        (tmp_path / name).touch()
    source = tmp_path / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text('{"cells": [], "metadata": {"vitlab": {}}, "nbformat": 4, "nbformat_minor": 5}')
    (tmp_path / "submitted" / "ada" / ASSIGNMENT).mkdir(parents=True)
    verdicts = {"ada": all_alike("ada", "passed")}

    @contextmanager
    def no_book(*_):
        yield FakeBook()

    monkeypatch.setattr(classroom, "grade_class", lambda *_, **__: verdicts)
    monkeypatch.setattr(book, "open_book", no_book)
    return tmp_path, verdicts


def test_scores_that_are_missing_are_told_where_the_table_cannot_be_shown(graded):
    root, _ = graded
    with pytest.raises(Unsaved):
        commands.grade_command(strict("ascii"), root, ASSIGNMENT, [], Means())


def test_verdicts_come_back_where_the_table_cannot_be_shown(graded, monkeypatch, caplog):
    root, verdicts = graded
    monkeypatch.setattr(FakeBook, "tell", lambda self: None)
    assert commands.grade_command(strict("ascii"), root, ASSIGNMENT, [], Means()) == verdicts
    assert "its table cannot be shown" in caplog.text
    assert str(root / "verdicts" / ASSIGNMENT) in caplog.text


def test_a_wrong_name_is_told_with_those_that_are_there(graded):
    root, _ = graded
    with pytest.raises(commands.UsageError, match=r"Found: ada. Missing: J\\udcf6rg"):
        commands.grade_command(strict(), root, ASSIGNMENT, [ODD], Means())
