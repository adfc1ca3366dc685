"""Fixtures of the adversarial suite: the class, graded once in each mode."""

import shutil

import pytest
from classroom import ASSIGNMENT
from outside import Outside
from suite import SETTINGS, grade, hand_in_class, plant

from autograder.build.init import init_course
from autograder.gradebook.steps import generate_assignment
from autograder.lessons import CHECKOUT
from autograder.root import open_root
from autograder.run import isolation


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """A course with its release, to be copied for each mode."""
    folder = tmp_path_factory.mktemp("released")
    init_course(folder)
    root = open_root(folder)
    generate_assignment(root, ASSIGNMENT)
    (folder / "course.toml").write_text(SETTINGS)
    return root


@pytest.fixture(scope="session")
def copy_of(tmp_path_factory):
    """Makes a copy of a course in a folder of its own."""

    def copied(root, name):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(root.path, folder / "course")
        return open_root(folder / "course")

    return copied


@pytest.fixture(scope="session", params=["namespaces", "fallback"])
def graded(request, released, copy_of):
    """The class, graded in one mode."""
    mode = isolation.Mode(request.param)
    try:
        isolation.choose(mode=mode)
    except isolation.NotIsolated as error:
        pytest.skip(f"this machine has no {mode} mode: {error}")
    root = copy_of(released, request.param)
    folder = root.path.parent
    outside = Outside(folder, root.path)
    canary_file = CHECKOUT / "solutions" / "attention" / "canary.txt"
    try:
        plant(root, outside, canary_file)
        hand_in_class(root, outside)
        return grade(root, outside, mode, folder)
    finally:
        canary_file.unlink(missing_ok=True)
        outside.close()
