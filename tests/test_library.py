"""Switching library calls off for the time of an exercise."""

import json
import math
import sys

import keras
import pytest
import tensorflow  # noqa: F401 - find() passes over libraries that were not imported
from lessons import EXERCISES
from vitlab.library import SwitchedOff, find, switched_off

OFF = sorted({name for _, exercise in EXERCISES for name in exercise.switched_off})
INSTALLED = [name for name in OFF if name.startswith(("keras.", "tensorflow."))]


def test_a_call_raises_within_the_block():
    with switched_off(["math.sqrt"]), pytest.raises(SwitchedOff, match=r"math\.sqrt is what you build"):
        math.sqrt(4.0)


def test_a_call_works_again_after_the_block():
    original = math.sqrt
    with switched_off(["math.sqrt"]):
        pass
    assert math.sqrt is original


def test_a_call_works_again_after_an_exception():
    original = math.sqrt

    def fail():
        with switched_off(["math.sqrt"]):
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - our own, just above
        fail()
    assert math.sqrt is original


def test_other_calls_still_work():
    with switched_off(["math.sqrt"]):
        assert math.floor(2.5) == 2


def test_calls_that_were_reached_are_noted():
    with switched_off(["math.sqrt", "json.dumps"]) as reached:
        for call in (lambda: json.dumps(1), lambda: math.sqrt(4.0), lambda: json.dumps(1)):
            with pytest.raises(SwitchedOff):
                call()
    assert reached == ["json.dumps", "math.sqrt", "json.dumps"]


def test_a_variable_that_holds_the_call_is_switched_off_too():
    notebook = {"root": math.sqrt, "text": "math.sqrt"}
    with switched_off(["math.sqrt"], namespace=notebook), pytest.raises(SwitchedOff):
        notebook["root"](4.0)


def test_a_variable_holds_the_call_again_afterwards():
    notebook = {"root": math.sqrt, "text": "math.sqrt"}
    with switched_off(["math.sqrt"], namespace=notebook):
        pass
    assert notebook == {"root": math.sqrt, "text": "math.sqrt"}


def test_a_call_under_two_names_is_whole_again_afterwards():
    original = keras.ops.softmax
    with switched_off(["keras.ops.softmax", "keras.ops.nn.softmax", "keras.src.ops.nn.softmax"]):
        pass
    assert keras.ops.softmax is keras.ops.nn.softmax is keras.src.ops.nn.softmax is original


@pytest.mark.parametrize("name", ["nosuchlibrary.softmax", "math.nosuchcall", "math.sqrt.nothing", "json.nosuch.dumps"])
def test_what_is_not_installed_is_passed_over(name):
    with switched_off([name]) as reached:
        assert math.sqrt(4.0) == 2.0
    assert reached == []


def test_a_library_that_was_not_imported_stays_so():
    find("antigravity.anything")
    assert "antigravity" not in sys.modules


@pytest.mark.parametrize("name", INSTALLED)
def test_every_call_of_keras_and_tensorflow_that_a_lesson_names_exists(name):
    assert find(name) != (None, None)


@pytest.mark.parametrize("name", INSTALLED)
def test_every_call_that_a_lesson_names_can_be_switched_off(name):
    holder, attribute = find(name)
    with switched_off(OFF), pytest.raises(SwitchedOff):
        getattr(holder, attribute)(None)
