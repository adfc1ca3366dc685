"""Comparing answers: what counts as equal, and what a student reads where it does not."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of
from vitlab.compare import compare, compare_part

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
A, B, C = 2, 3, 5
TABLE = np.arange(A * B * C, dtype="float32").reshape(A, B, C)
FLOATS = st.floats(allow_nan=True, allow_infinity=True, width=32)
SHAPES = arrays_of.array_shapes(min_dims=0, max_dims=4, max_side=5)
FINITE = arrays_of.arrays(np.float32, SHAPES, elements=st.floats(-1e6, 1e6, width=32))

EQUAL = {
    "float64 for float32": (TABLE, TABLE.astype("float64")),
    "a rounding difference": (TABLE, TABLE + np.float32(1e-6)),
    "a rounding difference of a large number": (np.float32(10_000), 10_000.05),
    "nan where nan is due": (np.array([1.0, np.nan]), np.array([1.0, np.nan])),
    "infinities where they are due": (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
    "nested lists for an array": (np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), [[1, 2.0, 3], [4, 5, 6]]),
    "a list of numbers that came as arrays": (np.array([1.0, 2.0]), [np.array(1.0), np.array(2.0)]),
    "a list of rows": (TABLE[0], [*TABLE[0]]),
    "a list of numbers of two kinds": (np.array([1.0, 2.0]), [np.array(1.0), 2]),
    "an array for nested lists": ([[1, 2], [3, 4]], np.array([[1.0, 2.0], [3.0, 4.0]])),
    "an int for a float": (16.0, 16),
    "a scalar array for a number": (16.0, np.array(16.0)),
    "1 for True": (np.array([True, False]), np.array([1, 0])),
    "half precision": (np.float32(0.5), np.float16(0.5)),
    "a dict with one key more": ({"a": 1.0}, {"a": 1.0, "b": None}),
    "strings": ("left", "left"),
    "None": (None, None),
    "no results": ([], []),
    "nothing at all in an array": (np.zeros((0, B)), np.zeros((0, B))),
}

DIFFERENT = {
    "one axis too many": (np.zeros(B), np.zeros((1, B)), "expected shape (3,), got (1, 3)"),
    "a scalar is not one row": (1.0, np.array([1.0]), "expected shape (), got (1,)"),
    "one row is not a scalar": (np.array([1.0]), 1.0, "expected shape (1,), got ()"),
    "None for an array": (TABLE, None, "expected an array of shape (2, 3, 5), got None: does your code return"),
    "None for a number": (1.0, None, "expected a number, got None: does your code return its result?"),
    "a string for a number": (1.0, "one", "expected a number, got 'one'"),
    "a dict for an array": (np.zeros(B), {"a": 1.0}, "expected an array of shape (3,), got a dict of 1"),
    "a tuple for an array": (
        np.zeros(B),
        [np.zeros(B), np.zeros((A, C))],
        "expected an array of shape (3,), got a tuple or list of 2",
    ),
    "a ragged list": (np.zeros((2, 2)), [[1, 2], [3]], "expected an array of shape (2, 2), got a tuple or list of 2"),
    "an array for a tuple": ([np.zeros(B), "x"], np.zeros(B), "expected a tuple of 2 results, got an array of shape"),
    "a tuple too short": ([TABLE, np.zeros(B)], [TABLE], "expected a tuple of 2 results, got a tuple or list of 1"),
    "the second of two": ([TABLE, np.ones(B)], [TABLE, np.zeros(B)], "result 2 of 2: at [0] expected 1, got 0"),
    "nan for a number": (np.ones(B), np.array([1.0, np.nan, 1.0]), "at [1] expected 1, got nan"),
    "a number for nan": (np.array([np.nan]), np.array([2.0]), "at [0] expected nan, got 2"),
    "infinity for a number": (2.0, np.inf, "expected 2, got inf"),
    "a number for infinity": (np.inf, 2.0, "expected inf, got 2"),
    "the wrong infinity": (np.inf, -np.inf, "expected inf, got -inf"),
    "False for True": (np.array([True, False]), np.array([False, False]), "at [0] expected True, got False"),
    "bools for floats": (np.ones(B), np.ones(B, bool), "expected numbers, got True and False (dtype bool)"),
    "another string": ("left", "right", "expected 'left', got 'right'"),
    "a number for a string": ("left", 1.0, "expected 'left', got 1.0"),
    "an array for a string": ("left", np.zeros(B), "expected 'left', got an array of shape (3,)"),
    "an array for None": (None, np.zeros(B), "expected None, got an array of shape (3,)"),
    "no dict": ({"a": 1.0, "b": 2.0}, 1.0, "expected a dict with the keys a, b; got 1.0"),
    "a missing key": ({"a": 1.0, "b": 2.0}, {"a": 1.0, "c": 3.0}, 'the key "b" is missing; got the keys a, c'),
    "no keys": ({"a": 1.0}, {}, 'the key "a" is missing; got the keys (none)'),
    "a wrong key's value": ({"a": 1.0, "b": 2.0}, {"b": 3.0, "a": 1.0}, "b: expected 2, got 3"),
    "six digits": (0.880797, 0.119203, "expected 0.880797, got 0.119203"),
}


@pytest.mark.parametrize("pair", EQUAL.values(), ids=EQUAL)
def test_equal_answers_give_no_message(pair):
    assert compare(*pair) == ""


@pytest.mark.parametrize("case", DIFFERENT.values(), ids=DIFFERENT)
def test_a_difference_is_told_by_what_was_expected_and_what_came(case):
    expected, got, words = case
    assert compare(expected, got).startswith(words)


def test_a_transposed_result_is_told_by_its_shape():
    assert compare(TABLE, np.swapaxes(TABLE, 1, 2)) == "expected shape (2, 3, 5), got (2, 5, 3)"


def test_the_first_differing_index_is_named_not_the_largest_difference():
    got = TABLE.copy()
    got[0, 2, 3], got[1, 1, 4] = -1, -1000
    assert compare(TABLE, got) == "at [0, 2, 3] expected 13, got -1"


@pytest.mark.parametrize(("tolerance", "equal"), [(1e-5, False), (1e-2, True)])
def test_the_tolerance_decides_over_a_small_difference(tolerance, equal):
    assert (compare(TABLE, TABLE * 1.001, tolerance) == "") is equal


@pytest.mark.parametrize("low", [-1e8, -1e9, -3e38, -np.inf])
def test_all_numbers_below_the_floor_are_alike(low):
    assert compare(np.array([1.0, -1e9]), np.array([1.0, low]), floor=-1e8) == ""


def test_without_a_floor_a_low_number_is_a_number():
    assert compare(np.array([1.0, -1e9]), np.array([1.0, -np.inf])) == "at [1] expected -1e+09, got -inf"


def test_a_number_above_the_floor_is_not_low_enough():
    assert compare(np.array([-1e9]), np.array([-1e4]), floor=-1e8) == "at [0] expected -1e+08 or below, got -10000"


def test_nan_is_not_below_the_floor():
    assert compare(np.array([-1e9]), np.array([np.nan]), floor=-1e8) == "at [0] expected -1e+08 or below, got nan"


@pytest.mark.parametrize("number", [10**400, -(10**5000)], ids=["400 digits", "5000 digits"])
@pytest.mark.parametrize("expected", [1.0, np.zeros(2)], ids=["a number", "an array"])
def test_a_huge_whole_number_is_a_wrong_answer_not_an_error(expected, number):
    got = [number, 0] if np.shape(expected) else number
    assert compare(expected, got).startswith(("expected ", "at [0] expected 0"))


def test_a_message_stays_short_for_a_long_string():
    assert len(compare(1.0, "x" * 10_000)) < 120


def test_a_message_stays_short_for_long_keys():
    assert len(compare({"a": 1.0}, {"x" * 100_000: 1.0})) < 1000


def test_a_message_about_odd_keys_can_be_written_to_a_file():
    assert compare({"a": 1.0}, {"\ud800": 1.0}).encode()


PARTS = {"a": np.ones(B), "b": np.zeros(A)}


def test_one_part_of_a_dict_is_compared_alone():
    assert compare_part(PARTS, {"a": np.ones(B), "b": None}, part="a") == ""


def test_the_message_of_a_dict_part_does_not_repeat_its_key():
    assert compare_part(PARTS, {**PARTS, "b": np.ones(A)}, part="b") == "at [0] expected 0, got 1"


def test_a_missing_part_of_a_dict_is_named():
    assert compare_part(PARTS, {"b": np.zeros(A)}, part="a") == 'the key "a" is missing; got the keys b'


def test_a_key_that_the_right_dict_has_not_must_not_be_there():
    assert compare_part(PARTS, {"a": np.ones(B)}, part="c") == ""
    assert compare_part(PARTS, {"a": np.ones(B), "c": None}, part="c") == 'the key "c" should not be there'
    assert compare_part(PARTS, None, part="c") == "expected a dict, got None"


def test_one_part_of_a_tuple_is_compared_alone():
    assert compare_part([np.ones(B), np.zeros(A)], [None, np.zeros(A)], part=1) == ""


@pytest.mark.parametrize("got", [None, np.ones(B), [np.ones(B)], {"a": 1.0}], ids=["None", "array", "one", "dict"])
def test_a_part_of_something_that_is_no_tuple_is_told_as_such(got):
    assert compare_part([np.ones(B), np.zeros(A)], got, part=0).startswith("expected a tuple of 2 results, got ")


def test_no_part_means_all_of_the_answer():
    assert compare_part(PARTS, {"a": np.ones(B), "b": np.ones(A)}) == "b: at [0] expected 0, got 1"


@UNHURRIED
@given(arrays_of.arrays(np.float32, SHAPES, elements=FLOATS))
def test_every_array_equals_itself(array):
    assert compare(array, array.copy()) == ""


@UNHURRIED
@given(arrays_of.arrays(st.sampled_from([np.int32, np.bool_, np.uint8]), SHAPES))
def test_every_array_of_whole_numbers_equals_itself(array):
    assert compare(array, array.copy()) == ""


@UNHURRIED
@given(FINITE, st.data())
def test_a_single_changed_entry_is_found_at_its_index(array, data):
    index = tuple(data.draw(st.integers(0, side - 1)) for side in array.shape)
    got = array.astype(np.float64)
    got[index] += 1 + 1e-3 * abs(got[index])
    place = f"at {list(index)} " if index else ""
    assert compare(array, got).startswith(f"{place}expected ")


@UNHURRIED
@given(FINITE, st.data())
def test_a_nan_never_passes_for_a_number(array, data):
    got = array.copy()
    got[tuple(data.draw(st.integers(0, side - 1)) for side in array.shape)] = np.nan
    assert compare(array, got, tolerance=1e30, floor=-1e8).endswith("got nan")


@UNHURRIED
@given(FINITE.filter(lambda array: array.ndim), st.integers(0, 3))
def test_a_shape_is_never_broadcast(array, axis):
    got = np.expand_dims(array, axis % array.ndim)
    assert compare(array, got) == f"expected shape {array.shape}, got {got.shape}"
