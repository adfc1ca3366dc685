"""A question may ask for the gradients of an answer in place of the answer."""

import os
import subprocess
import sys

import numpy as np
import pytest
from keras import ops
from vitlab.learning import gradients
from vitlab.probe import ask, tensors

from autograder.build.fixtures import described
from autograder.grade.answers import key_of_job
from autograder.records import Job, Question, Statement

X, Y = np.array([[1.0, 2.0], [3.0, 4.0]], "float32"), np.array([[5.0, 6.0], [7.0, 8.0]], "float32")


def slope(function, position=0, **kwargs):
    """The gradient of the sum of function(X, Y, **kwargs) with respect to one of the two."""

    def total(x, y, **others):
        return ops.sum(function(x, y, **others))

    return np.asarray(gradients(total, tensors((X, Y)), kwargs)[position])


def test_the_slope_of_a_product_is_the_other_factor():
    assert slope(lambda x, y: x * y).tolist() == Y.tolist()
    assert slope(lambda x, y: x * y, 1).tolist() == X.tolist()


def test_an_answer_of_one_number_has_a_slope_too():
    assert slope(lambda x, y: ops.mean(ops.square(x))).tolist() == (X / 2).tolist()


def test_arguments_by_name_are_handed_on():
    assert slope(lambda x, y, factor: factor * x, factor=3.0).tolist() == np.full((2, 2), 3).tolist()


@pytest.mark.parametrize(
    "function",
    [
        lambda x, y: y,
        lambda x, y: ops.stop_gradient(x) * y,
        lambda x, y: ops.convert_to_numpy(x) ** 2,
        lambda x, y: float(ops.sum(x)),
    ],
    ids=["another argument", "stopped", "NumPy", "a plain number"],
)
def test_what_nobody_followed_has_a_slope_of_0(function):
    assert slope(function).tolist() == np.zeros((2, 2)).tolist()


def test_a_question_asks_for_it():
    question = Question((X, Y, 3), way="gradients")
    found = ask(lambda x, y, factor: ops.sum(x * y * factor), vars(question))
    assert [one.tolist() for one in found] == [(3 * Y).tolist(), (3 * X).tolist()]


def test_of_an_answer_that_is_no_single_number_there_is_none():
    with pytest.raises(TypeError, match="Expected one number"):
        gradients(lambda x: x, tensors((X,)), {})


def test_an_error_of_the_students_code_stays_what_it_is():
    def broken(x, y):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        slope(broken)


def test_fixtures_of_questions_without_a_slope_are_what_they_were():
    assert "way" not in described(Question((X,)))
    assert described(Question((X,), way="gradients"))["way"] == "gradients"


def test_kept_answers_depend_on_it():
    def key(question):
        return key_of_job(Job("f", (Statement("x", "cell", 1),), (question,), (), 1.0), "context")

    assert key(Question((X,))) != key(Question((X,), way="gradients"))


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_other_backends_find_the_same(backend):
    pytest.importorskip(backend, reason=f"{backend} is not installed here; its slopes are left out")
    code = (
        "import numpy as np; from vitlab.learning import gradients; from vitlab.probe import tensors\n"
        "x, y = tensors((np.ones((2, 2), 'float32'), np.full((2, 2), 3, 'float32')))\n"
        "print(np.asarray(gradients(lambda a, b: (a * b).sum(), (x, y), {})[0]).tolist())\n"
        "print(np.asarray(gradients(lambda a, b: b.sum(), (x, y), {})[0]).tolist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120,
        env={**os.environ, "KERAS_BACKEND": backend},
    )  # fmt: skip
    assert done.stdout.split("\n")[:2] == ["[[3.0, 3.0], [3.0, 3.0]]", "[[0.0, 0.0], [0.0, 0.0]]"]
