"""A machine that fails costs nobody a mark: the grader's processes are killed at random, and the scores are the same.

FAULT_ROUNDS=30 for as many rounds; each has a seed of its own, so that a round can be repeated.
"""

import os
import shutil
import time
from dataclasses import asdict

import pytest
from classroom import ASSIGNMENT, hand_in_mix, scores
from faults import Round, start

from autograder.build.init import init_course
from autograder.crew.folder import PREFIX
from autograder.grade.verdict import read_verdict
from autograder.gradebook.steps import generate_assignment
from autograder.root import open_root
from autograder.run import isolation

ROUNDS = int(os.environ.get("FAULT_ROUNDS", "2"))
STUDENTS = 6


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """(a course in which a class has handed in, the same graded in peace, seconds that this took)."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    folder = tmp_path_factory.mktemp("faults")
    init_course(folder / "course")
    root = open_root(folder / "course")
    generate_assignment(root, ASSIGNMENT)
    hand_in_mix(root, STUDENTS)
    shutil.copytree(root.path, folder / "peace" / "course")
    graded = open_root(folder / "peace" / "course")
    began = time.monotonic()
    assert start(graded).wait(600) == 0
    return root, graded, time.monotonic() - began


@pytest.fixture(scope="module", params=range(ROUNDS))
def disturbed(request, undisturbed, tmp_path_factory):
    """(the round, its last exit code, the course graded in peace)."""
    root, graded, seconds = undisturbed
    folder = tmp_path_factory.mktemp("round")
    shutil.copytree(root.path, folder / "course")
    found = Round(open_root(folder / "course"), request.param, seconds)
    code = found.run()
    print(f"round {request.param}: killed {found.kills}")
    return found, code, graded


def verdicts(root):
    """All verdicts, without what differs between two runs of the same."""
    found = {name: asdict(read_verdict(root.verdict(ASSIGNMENT, name))) for name in root.students(ASSIGNMENT)}
    for verdict in found.values():
        del verdict["graded_at"]
        for exercise in verdict["exercises"].values():
            del exercise["seconds"]
    return found


def test_something_was_killed_and_the_grader_still_ended_well(disturbed):
    found, code, _ = disturbed
    assert found.kills != []
    assert code == 0


def test_verdicts_and_gradebook_are_those_of_an_undisturbed_run(disturbed):
    found, _, graded = disturbed
    assert verdicts(found.root) == verdicts(graded)
    assert scores(found.root) == scores(graded)


def test_what_was_graded_before_a_kill_is_not_graded_again(disturbed):
    assert disturbed[0].rewritten == []


def test_nothing_outlives_a_killed_grader_and_its_folder_goes_with_the_next_run(disturbed):
    found, _, _ = disturbed
    assert found.survivors == []
    assert list(found.root.path.parent.glob(f"{PREFIX}*")) == []
