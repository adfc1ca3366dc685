"""Switching library calls off for the time of an exercise."""

import json
import math
import sys
import types

import keras
import pytest
import tensorflow  # noqa: F401 - find() passes over libraries that were not imported
from lessons import EXERCISES
from vitlab.library import SwitchedOff, find, make_guard, switched_off

OFF = sorted({name for _, exercise in EXERCISES for name in exercise.switched_off})
INSTALLED = [name for name in OFF if name.startswith(("keras.", "tensorflow."))]
WHOLE = [name for name in INSTALLED if "(" not in name]


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


def test_a_call_can_be_off_for_one_argument_alone():
    with switched_off(["json.dumps(indent)"]) as reached:
        assert json.dumps([1]) == json.dumps([1], indent=0, separators=None).replace("\n", "") == "[1]"
        with pytest.raises(SwitchedOff, match="indent"):
            json.dumps([1], indent=2)
    assert reached == ["json.dumps(indent)"]
    assert json.dumps([1], indent=2) == "[\n  1\n]"


def test_that_argument_is_found_by_position_too():
    def power(base, exponent=0):
        return base**exponent

    home = types.SimpleNamespace(power=power)
    guarded = make_guard(home.power, "exponent", lambda: "off")
    assert (guarded(3), guarded(3, 0), guarded(3, 2), guarded(base=3, exponent=2)) == (1, 1, "off", "off")


def test_a_call_that_is_guarded_twice_is_whole_again_afterwards():
    original = json.dumps
    with switched_off(["json.dumps(indent)"]), switched_off(["json.dumps(indent)"]), pytest.raises(SwitchedOff):
        json.dumps([1], indent=2)
    assert json.dumps is original


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
    assert find(name.partition("(")[0]) != (None, None)


@pytest.mark.parametrize("name", WHOLE)
def test_every_call_that_a_lesson_names_can_be_switched_off(name):
    holder, attribute = find(name)
    with switched_off(OFF), pytest.raises(SwitchedOff):
        getattr(holder, attribute)(None)
