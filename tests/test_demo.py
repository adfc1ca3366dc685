"""The demo says so when somebody gets other points than expected, to people and to scripts."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console
from typer.testing import CliRunner

from autograder.cli import app
from autograder.demo import run
from autograder.demo.students import Student

CLASS = [Student("right", "", b"", 95.0), Student("mistaken", "", b"", None), Student("exception", "", b"", 70.0)]


@pytest.mark.parametrize(("points", "as_expected"), [(70.0, True), (55.0, False)])
def test_other_points_than_expected_are_told_by_name(points, as_expected):
    verdicts = {"right": 95.0, "mistaken": 12.5, "exception": points}
    console = Console(file=io.StringIO(), width=200)
    found = run.tell_surprises(console, CLASS, {name: SimpleNamespace(points=got) for name, got in verdicts.items()})
    assert found == as_expected
    assert ("exception: expected 70, got 55" in console.file.getvalue()) == (not as_expected)


@pytest.mark.parametrize(("as_expected", "code"), [(True, 0), (False, 1)])
def test_the_command_ends_with_1_when_points_are_not_as_expected(monkeypatch, as_expected, code):
    monkeypatch.setattr(run, "run_demo", lambda *args: as_expected)
    assert CliRunner().invoke(app, ["demo"]).exit_code == code
