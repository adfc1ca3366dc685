"""Frames between grader and sandbox: plain values go through, everything else is refused at one end or the other."""

import json
import math
import socket
import struct
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from autograder.run import wire
from autograder.run.wire import Closed, Late, WireError

UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SOON = 5.0


@pytest.fixture
def ends():
    """Two connected sockets."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


def over_the_wire(value):
    """The value as it arrives at the other end."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        wire.send(ours, value)
        return wire.receive(theirs, time.monotonic() + SOON)


def received(ends, text, body=b""):
    """What a reader makes of a frame with this text and these bytes, which a hostile writer made by hand."""
    ours, theirs = ends
    text = text if isinstance(text, bytes) else json.dumps(text).encode()
    ours.sendall(struct.pack("!II", len(text), len(body)) + text + body)
    return wire.receive(theirs, time.monotonic() + SOON)


def same(one, other):
    """Equal values of equal types, nan included; a tuple arrives as a list."""
    if isinstance(one, np.ndarray):
        fits = isinstance(other, np.ndarray) and one.dtype == other.dtype and one.shape == other.shape
        return fits and one.tobytes() == other.tobytes()
    if isinstance(one, (list, tuple)):
        fits = isinstance(other, list) and len(one) == len(other)
        return fits and all(same(a, b) for a, b in zip(one, other, strict=True))
    if isinstance(one, dict):
        return isinstance(other, dict) and list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and (one == other or (one != one and other != other))


# what goes through

NUMBERS = st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | st.text(max_size=20)
DTYPES = st.sampled_from(sorted(wire.DTYPES)).map(np.dtype)
ARRAYS = DTYPES.flatmap(
    lambda dtype: arrays_of.arrays(dtype, arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0))
)
KEYS = st.text(max_size=9).filter(lambda key: key != "$array")
VALUES = st.recursive(
    NUMBERS | ARRAYS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4), max_leaves=9
)


@UNHURRIED
@given(VALUES)
def test_plain_values_arrive_as_they_were(value):
    assert same(value, over_the_wire(value))


def test_a_tuple_arrives_as_a_list():
    assert over_the_wire((1, (2.0, "three"))) == [1, [2.0, "three"]]


def test_an_array_that_is_not_contiguous_arrives_whole():
    array = np.arange(15.0).reshape(3, 5).T
    assert same(np.ascontiguousarray(array), over_the_wire(array))


def test_a_numpy_number_arrives_as_an_array_without_axes():
    assert same(np.array(2.5, "float32"), over_the_wire(np.float32(2.5)))


def test_frames_arrive_in_order(ends):
    ours, theirs = ends
    for i in range(3):
        wire.send(ours, i)
    assert [wire.receive(theirs, time.monotonic() + SOON) for _ in range(3)] == [0, 1, 2]


def test_an_array_that_arrived_belongs_to_nobody_else():
    one, other = over_the_wire([np.zeros(3), np.ones(3)])
    assert not np.shares_memory(one, other)


# what is not sent

UNFIT = {
    "an object": object(),
    "a function": print,
    "bytes": b"abc",
    "a set": {1, 2},
    "a complex number": 1j,
    "an array of objects": np.array([None, 1]),
    "an array of strings": np.array(["a"]),
    "an array of complex numbers": np.array([1j]),
    "an array of dates": np.array(["2026-01-01"], "datetime64[D]"),
    "a record": np.zeros(3, [("a", "f4")]),
    "a key that is no string": {1: 2.0},
    "a key that is special": {"$array": 0},
    "an exception": ValueError("x"),
    "an object deep inside": [{"a": [object()]}],
    "a whole number of 5000 digits": 10**5000,
}


@pytest.mark.parametrize("value", UNFIT.values(), ids=UNFIT)
def test_what_is_no_plain_value_is_not_sent(ends, value):
    with pytest.raises((TypeError, WireError)):
        wire.send(ends[0], value)


@pytest.mark.parametrize("value", UNFIT.values(), ids=UNFIT)
def test_nothing_is_written_of_a_value_that_is_not_sent(ends, value):
    ours, theirs = ends
    with pytest.raises((TypeError, WireError, ValueError)):
        wire.send(ours, value)
    wire.send(ours, "next")
    assert wire.receive(theirs, time.monotonic() + SOON) == "next"


def nested(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(("depth", "sent"), [(16, True), (17, False)])
def test_sixteen_levels_are_sent_and_no_more(ends, depth, sent):
    if sent:
        assert over_the_wire(nested(depth)) == nested(depth)
    else:
        with pytest.raises(TypeError, match="nested at most 16 deep"):
            wire.send(ends[0], nested(depth))


def test_an_answer_that_is_too_large_is_not_sent(ends):
    with pytest.raises(WireError, match=r"Expected at most 1 MB in one answer. Received: 2\.0 MB."):
        wire.send(ends[0], np.zeros(2**18), most=2**20)


def test_a_text_that_is_too_large_is_not_sent(ends, monkeypatch):
    monkeypatch.setattr(wire, "MAX_TEXT", 101)
    with pytest.raises(WireError):
        wire.send(ends[0], "x" * 101)


# what is not received

ONE = struct.pack("f", 1.0)
ARRAY = {"$array": 0}

BROKEN = {
    "no JSON": (b"{", b""),
    "not UTF-8": (b'["\xff", []]', b""),
    "no pair": ([1, [], 3], b""),
    "a number": (3, b""),
    "a dict": ({"a": 1}, b""),
    "null": (None, b""),
    "an array that is not there": ([ARRAY, []], b""),
    "an array's number that is none": ([{"$array": "0"}, [["float32", [1]]]], ONE),
    "an array's number that is a list": ([{"$array": [0]}, [["float32", [1]]]], ONE),
    "fewer bytes than the shape says": ([ARRAY, [["float32", [2]]]], ONE),
    "more bytes than the shape says": ([ARRAY, [["float32", [1]]]], ONE * 2),
    "bytes without an array": ([1, []], ONE),
    "bytes twice": ([1, [["float32", [1]], ["float32", [1]]]], ONE),
    "a negative shape": ([ARRAY, [["float32", [-1]]]], ONE),
    "two negative sides": ([ARRAY, [["float32", [-1, -1]]]], ONE),
    "a shape of floats": ([ARRAY, [["float32", [1.0]]]], ONE),
    "a shape of bools": ([ARRAY, [["float32", [True]]]], ONE),
    "a shape that is a number": ([ARRAY, [["float32", 1]]], ONE),
    "a shape that is a dict": ([ARRAY, [["float32", {}]]], ONE),
    "a shape of no end": ([ARRAY, [["float32", [10**30]]]], ONE),
    "no numbers in a shape of no end": ([ARRAY, [["float32", [0, 10**30]]]], b""),
    "a shape of 17 axes": ([ARRAY, [["float32", [1] * 17]]], ONE),
    "objects": ([ARRAY, [["object", [1]]]], bytes(8)),
    "objects by letter": ([ARRAY, [["O", [1]]]], bytes(8)),
    "a record type": ([ARRAY, [["f4,O", [1]]]], bytes(12)),
    "text": ([ARRAY, [["<U1", [1]]]], ONE),
    "a type that is a list": ([ARRAY, [[["float32"], [1]]]], ONE),
    "a type that is a number": ([ARRAY, [[3, [1]]]], ONE),
    "shapes that are no list": ([ARRAY, {"float32": [1]}], ONE),
    "shapes that are null": ([ARRAY, None], b""),
    "a shape without a type": ([ARRAY, [[[1]]]], ONE),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, b""),
    "deep lists in the value": (b"[" + b"[" * 990 + b"]" * 990 + b", []]", b""),
    "a whole number of 5000 digits": (b"[" + b"9" * 5000 + b", []]", b""),
}


@pytest.mark.parametrize(("text", "body"), BROKEN.values(), ids=BROKEN)
def test_a_broken_frame_is_refused(ends, text, body):
    with pytest.raises(WireError, match=r"A broken frame: \w+\."):
        received(ends, text, body)


def test_a_value_nested_deeper_than_may_be_sent_is_refused(ends):
    with pytest.raises(WireError):
        received(ends, [nested(99), []])


@UNHURRIED
@given(st.binary(max_size=99), st.binary(max_size=33))
def test_random_bytes_are_refused_or_a_plain_value(text, body):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        try:
            value = received((ours, theirs), text, body)
        except WireError:
            return
        assert isinstance(value, (type(None), bool, int, float, str, list, dict, np.ndarray))


@pytest.mark.parametrize(
    ("length", "size"), [(2**32 - 1, 0), (0, 2**32 - 1), (wire.MAX_TEXT + 1, 0), (2, wire.MAX_BYTES + 1)]
)
def test_lengths_over_the_limit_are_refused_before_anything_is_read(ends, length, size):
    ours, theirs = ends
    ours.sendall(struct.pack("!II", length, size))
    with pytest.raises(WireError, match="more than 64 MB"):
        wire.receive(theirs, time.monotonic() + SOON)


def test_a_frame_that_is_cut_short_means_that_the_other_end_is_gone(ends):
    ours, theirs = ends
    ours.sendall(struct.pack("!II", 101, 0) + b"[1, ")
    ours.close()
    with pytest.raises(Closed):
        wire.receive(theirs, time.monotonic() + SOON)


def test_an_end_without_a_frame_means_that_the_other_end_is_gone(ends):
    ours, theirs = ends
    ours.close()
    with pytest.raises(Closed):
        wire.receive(theirs, time.monotonic() + SOON)


@pytest.mark.parametrize(
    "sent", [b"", b"\0\0", struct.pack("!II", 9, 0) + b"[1"], ids=["nothing", "half a head", "half a text"]
)
def test_a_frame_that_is_not_complete_in_time_is_late(ends, sent):
    ours, theirs = ends
    ours.sendall(sent)
    with pytest.raises(Late):
        wire.receive(theirs, time.monotonic() + 0.05)


def test_a_deadline_in_the_past_is_late_even_for_a_whole_frame(ends):
    ours, theirs = ends
    wire.send(ours, 1)
    with pytest.raises(Late):
        wire.receive(theirs, time.monotonic() - 1)


@pytest.mark.parametrize("value", [math.inf, -math.inf, [math.nan]])
def test_numbers_that_are_not_finite_arrive(value):
    assert same(value, over_the_wire(value))


def test_an_array_named_twice_in_other_letters_is_refused(ends):
    ours, theirs = ends
    text = rb'[[{"\u0024array": 0}, {"$array": 0}], [["float32", [1]]]]'
    ours.sendall(struct.pack("!II", len(text), 4) + text + ONE)
    with pytest.raises(WireError, match="broken frame"):
        wire.receive(theirs, time.monotonic() + SOON)
