"""The released notebook as students run it: on the first day, and when everything is solved."""

import json

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.build.instructor import lesson_source
from autograder.build.lesson import read_lesson
from autograder.lessons import CHECKOUT
from autograder.simulate import edited

ASSIGNMENT = "01_attention"


def run_all(notebook, folder):
    """Run every cell; an error stops the test."""
    notebook = nbformat.reads(json.dumps(notebook), as_version=4)
    client = NotebookClient(notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    return client.execute()


def released():
    """The committed notebook."""
    return json.loads((CHECKOUT / "course" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8"))


def check_texts(notebook):
    """The plain text of every check's card, by grade id."""
    return {
        cell.metadata.nbgrader.grade_id: "".join(
            output.data["text/plain"] for output in cell.outputs if output.output_type == "display_data"
        )
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_")
    }


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """The notebook of the first day, run."""
    return run_all(released(), tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """The notebook with the reference's answers, run."""
    cells = read_lesson(lesson_source(ASSIGNMENT), CHECKOUT / "solutions")
    answers = {cell.exercise: cell.source for cell in cells if cell.exercise}
    return run_all(edited(released(), answers), tmp_path_factory.mktemp("solved"))


def test_on_the_first_day_every_check_says_kindly_what_to_do(untouched):
    texts = check_texts(untouched)
    assert len(texts) == 6
    assert all("not written yet" in text for text in texts.values())


def test_on_the_first_day_demos_name_what_they_wait_for(untouched):
    printed = [
        output.text for cell in untouched.cells for output in cell.get("outputs", []) if output.output_type == "stream"
    ]
    assert any("`scaled_dot_product_attention`, which you have not written yet" in text for text in printed)


def test_solved_every_check_passes(solved):
    texts = check_texts(solved)
    assert {name for name, text in texts.items() if "cases right" not in text or "wrong" in text} == set()


def test_solved_no_demo_stops(solved):
    printed = "".join(
        output.text for cell in solved.cells for output in cell.get("outputs", []) if output.output_type == "stream"
    )
    assert "The demo stopped" not in printed
    assert "ATTENTION" in printed


def test_solved_the_plots_are_there(solved):
    pictures = [
        output for cell in solved.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    assert len(pictures) == 6
