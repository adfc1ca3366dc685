"""What students are asked: one generator for public and hidden inputs, and no input that would be unfair."""

import subprocess
import sys

import numpy as np
import pytest

from autograder.build.fixtures import public_generator
from autograder.grade.submission import generator
from solutions.attention.cases import EXERCISES

SEEDS = range(20)
WITH_INPUTS = [exercise for exercise in EXERCISES if exercise.name != "figure"]


def arrays(case):
    """All arrays that a case hands over."""
    question = case.question
    given = [*question.args, *question.kwargs.values(), *question.weights.values()]
    return [value for value in given if isinstance(value, np.ndarray)]


def masks(case):
    """The arrays that hold only 0 and 1, in rows."""
    return [value for value in arrays(case) if value.ndim > 1 and set(np.unique(value)) <= {0, 1}]


def random_cases(exercise, seed):
    """The cases of an exercise without the lecture's fixed numbers."""
    return [case for case in exercise.cases(np.random.default_rng(seed)) if "lecture" not in case.name]


@pytest.mark.parametrize("exercise", EXERCISES[2:5], ids=lambda exercise: exercise.name)
def test_no_row_of_a_mask_forbids_everything(exercise):
    rows = [mask.any(-1).all() for seed in SEEDS for case in random_cases(exercise, seed) for mask in masks(case)]
    assert len(rows) >= 2 * len(SEEDS)
    assert all(rows)


@pytest.mark.parametrize("exercise", WITH_INPUTS, ids=lambda exercise: exercise.name)
def test_every_student_gets_numbers_of_their_own_and_the_same_ones_again(exercise):
    def first(student):
        rng = generator("secret", student, "01_attention", exercise.name)
        return next(array for case in exercise.cases(rng) for array in arrays(case) if case.weight > 1.0)

    np.testing.assert_array_equal(first("ann"), first("ann"))
    assert first("ann").shape != first("ben").shape or not np.array_equal(first("ann"), first("ben"))


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_public_examples_and_hidden_inputs_are_the_same_kinds_of_case(exercise):
    public = exercise.cases(public_generator("01_attention", exercise.name))
    hidden = exercise.cases(generator("secret", "ann", "01_attention", exercise.name))
    assert [(case.name, case.weight) for case in public] == [(case.name, case.weight) for case in hidden]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.name)
def test_case_names_say_one_thing_each(exercise):
    names = [case.name for case in exercise.cases(np.random.default_rng(0))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", ["autograder.grade.submission", "autograder.run.worker", "autograder.run.zygote"])
def test_workers_never_import_nbgrader(module):
    code = f"import sys, {module}; print('nbgrader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
