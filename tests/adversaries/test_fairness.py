"""Right answers in many styles, by people who had not seen the library: the fallback takes no mark from them either."""

import json
import os
import subprocess
import sys

import pytest
from classroom import ASSIGNMENT, hand_in

from autograder.demo.run import material_of
from autograder.lessons import solution_folder
from autograder.run import isolation
from autograder.simulate import CELL_MARK, as_bytes, edited

RIGHT = sorted((solution_folder(ASSIGNMENT) / "answers" / "right").glob("*.py"))
WORKERS = "1"
"""Two side by side share a core's time on a busy machine, and some styles need most of what students are told."""
CHOSEN = RIGHT if os.environ.get("ADVERSARIES") == "all" else RIGHT[::3]
"""All of them meet every layer of the namespaces mode in tests/test_answers.py."""


@pytest.fixture(scope="module")
def verdicts(released, copy_of):
    """Everybody's verdict."""
    mode = isolation.Mode.FALLBACK
    try:
        isolation.choose(mode=mode)
    except isolation.NotIsolated as error:
        pytest.skip(f"this machine has no {mode} mode: {error}")
    root = copy_of(released, f"fair-{mode}")
    (root.path / "course.toml").unlink()  # the limits that students are told
    material = material_of(root, ASSIGNMENT)
    for path in CHOSEN:
        cells = CELL_MARK.split(path.read_text(encoding="utf-8"))
        hand_in(
            root, path.stem, as_bytes(edited(material.released, {"figure": material.answers["figure"]}, after=cells))
        )
    report = root.path / "report.json"
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--root", str(root.path), "--verdicts-only"]
    options = ["--isolation", str(mode), "--workers", WORKERS, "--json", str(report)]
    subprocess.run([*command, *options], check=True, capture_output=True)
    return json.loads(report.read_text(encoding="utf-8"))


def test_there_are_fifty_styles():
    assert len(RIGHT) >= 50


def test_every_right_answer_gets_full_marks(verdicts):
    parts = [
        (name, exercise, one) for name, verdict in verdicts.items() for exercise, one in verdict["exercises"].items()
    ]
    lost = {f"{name}: {exercise}": one for name, exercise, one in parts if one["points"] != one["max_points"]}
    assert lost == {}
    assert len(verdicts) == len(CHOSEN)


def test_hardly_anybody_is_flagged_for_unusual_means(verdicts):
    flagged = [name for name, verdict in verdicts.items() if any("worth a look" in flag for flag in verdict["flags"])]
    assert len(flagged) <= 5
