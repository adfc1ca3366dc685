"""What students are asked: one generator for public and hidden inputs, and no input that would be unfair."""

import subprocess
import sys

import numpy as np
import pytest
from lessons import EXERCISES, NAMES, loaded

from autograder.build.fixtures import public_generator
from autograder.grade.inputs import generator
from autograder.judge.score import distinct_questions, judge_cases, share
from autograder.judge.trusted import answers_of
from autograder.records import Answer, Run

SEEDS = range(20)
WITH_INPUTS = [pair for pair in EXERCISES if pair[1].name != "figure"]


def values(given):
    """Everything that a question hands over, one by one."""
    if isinstance(given, dict | list | tuple):
        return [value for item in (given.values() if isinstance(given, dict) else given) for value in values(item)]
    return [given]


def inputs(case):
    """Everything that a case hands over."""
    question = case.question
    return values([question.args, question.kwargs, question.init or {}, question.weights])


def masks(case):
    """The arrays that hold only 0 and 1, in rows."""
    question = case.question
    arrays = [value for value in values([question.args, question.kwargs]) if isinstance(value, np.ndarray)]
    return [value for value in arrays if value.ndim > 1 and set(np.unique(value)) <= {0, 1}]


def random_cases(exercise, seed):
    """The cases of an exercise without the lecture's fixed numbers."""
    return [case for case in exercise.cases(np.random.default_rng(seed)) if "lecture" not in case.name]


NO_MASKS = {"masked_token_loss"}  # its weights say what counts, not who may attend
WITH_MASKS = [
    pair for pair in EXERCISES if pair[1].name not in NO_MASKS and any(masks(case) for case in random_cases(pair[1], 0))
]
EACH, EACH_WITH_INPUTS, EACH_WITH_MASKS = (
    pytest.mark.parametrize(("assignment", "exercise"), pairs, ids=[NAMES[EXERCISES.index(pair)] for pair in pairs])
    for pairs in (EXERCISES, WITH_INPUTS, WITH_MASKS)
)


def test_the_exercises_on_masks_are_found():
    found = {exercise.name for _, exercise in WITH_MASKS}
    assert {"masked_scores", "scaled_dot_product_attention", "SelfAttention", "MultiHeadAttention"} <= found


@EACH_WITH_MASKS
def test_no_row_of_a_mask_forbids_everything(assignment, exercise):
    rows = [mask.any(-1).all() for seed in SEEDS for case in random_cases(exercise, seed) for mask in masks(case)]
    assert len(rows) >= 2 * len(SEEDS)
    assert all(rows)


@EACH
@pytest.mark.parametrize("constant", [0.0, 1.0, float("nan")])
def test_a_constant_earns_nothing(assignment, exercise, constant):
    cases = exercise.cases(np.random.default_rng(0))
    questions = distinct_questions(cases)
    expected = list(answers_of(loaded(assignment).references[exercise.name], questions))
    run = Run("finished", tuple(Answer(value=constant) for _ in questions))
    assert share(cases, judge_cases(cases, expected, run)) == 0


@EACH_WITH_INPUTS
def test_every_student_gets_numbers_of_their_own_and_the_same_ones_again(assignment, exercise):
    def all_of(student):
        rng = generator("secret", student, assignment, exercise.name)
        found = [value for case in exercise.cases(rng) for value in inputs(case)]
        return [(value.shape, value.tobytes()) if isinstance(value, np.ndarray) else value for value in found]

    assert all_of("ann") == all_of("ann")
    assert all_of("ann") != all_of("ben")


@EACH
def test_public_examples_and_hidden_inputs_are_the_same_kinds_of_case(assignment, exercise):
    public = exercise.cases(public_generator(assignment, exercise.name))
    hidden = exercise.cases(generator("secret", "ann", assignment, exercise.name))
    assert [(case.name, case.weight) for case in public] == [(case.name, case.weight) for case in hidden]


@EACH
def test_case_names_say_one_thing_each(assignment, exercise):
    names = [case.name for case in exercise.cases(np.random.default_rng(0))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("module", ["autograder.grade.submission", "autograder.run.worker", "autograder.run.zygote"])
def test_workers_never_import_nbgrader(module):
    code = f"import sys, {module}; print('nbgrader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
