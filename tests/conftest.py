"""Fixtures that cost seconds and are shared: a course, a lesson, a sandbox."""

import os
from collections import Counter

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import pytest

from autograder.build.init import init_course
from autograder.build.instructor import lesson_points
from autograder.gradebook.steps import generate_assignment
from autograder.lessons import hidden_folders, load_lesson
from autograder.root import open_root
from autograder.run import isolation
from autograder.run.worker import ZygoteWorker

ASSIGNMENT = "01_attention"
MINUTES = (
    "test_notebooks.py",
    "test_answers.py",
    "test_classroom.py",
    "test_releases.py",
    "test_faults.py",
    "test_verify.py",
)
"""Files of few but long tests. They begin first, so that no worker is left with one of them at the end."""


def pytest_collection_modifyitems(items):
    """Long files first, then files by how many tests they have: with --no-loadscope-reorder workers take them so."""
    count = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.name not in MINUTES, -count[item.path]))


@pytest.fixture(scope="session")
def lesson():
    """Lesson 01 as the engine knows it."""
    return load_lesson(ASSIGNMENT, lesson_points(ASSIGNMENT))


@pytest.fixture(scope="session")
def worker():
    """One sandbox for all tests."""
    if isolation.strongest() is None:
        pytest.skip(f"student code is never run without isolation in tests: {isolation.missing()}")
    made = ZygoteWorker(hidden_folders(), isolation.choose())
    yield made
    made.close()


@pytest.fixture(scope="session")
def course(tmp_path_factory):
    """A course with its release; tests use students of their own."""
    folder = tmp_path_factory.mktemp("course")
    init_course(folder)
    root = open_root(folder)
    generate_assignment(root, ASSIGNMENT)
    return root
