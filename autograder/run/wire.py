"""Frames between the grader and a sandbox: plain values only, length-capped, no pickle.

A frame is two lengths, a JSON text, and the bytes of its arrays one after the other. The reader assumes a hostile
writer. Holds against: objects, oversized frames, shapes that lie, deep or broken JSON. Does not hold against: wrong
numbers, which are the judge's business.
"""

from __future__ import annotations

import json
import math
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

import numpy as np
from vitlab.packing import pack, unpack

from autograder.run.clock import Clock

HEAD = struct.Struct("!II")
MAX_TEXT = 4 * 2**20
MAX_BYTES = 64 * 2**20
MAX_JOB = 256 * 2**20
"""What the grader may send: a model's weights, and images to try it on."""
DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
)


class WireError(Exception):
    """A frame that is too large, cut short, or not what a frame should be."""


class Closed(WireError):
    """The other end is gone."""


class Late(WireError):
    """The deadline passed before the frame was complete."""


@dataclass
class Allowance:
    """How much a hostile writer may send, and how much it has sent."""

    most: int = MAX_BYTES
    bytes_used: int = 0
    text_used: int = 0

    def take(self, text: int, size: int) -> None:
        """Count one more frame.

        Raises:
            WireError: it is too much.
        """
        self.text_used += text
        self.bytes_used += size
        if self.text_used > MAX_TEXT or self.bytes_used > self.most:
            words = f"{self.most / 2**20:.3g} MB of answers, or {MAX_TEXT // 2**20} MB of them as text."
            raise WireError(f"more than {words}")


def send(channel: socket.socket, value: Any, most: int = MAX_BYTES) -> None:
    """Write one plain value as a frame of at most `most` bytes of arrays.

    Raises:
        TypeError: the value holds something that may not cross.
        WireError: it is too large.
    """
    arrays: list[np.ndarray] = []
    packed = pack(value, arrays)
    shapes = [[array.dtype.name, list(array.shape)] for array in arrays]
    try:
        text = json.dumps([packed, shapes]).encode()
    except ValueError as error:
        raise TypeError(f"Expected numbers of ordinary size. {error}") from None
    size = sum(array.nbytes for array in arrays)
    if size > most:
        raise WireError(f"Expected at most {most / 2**20:.3g} MB in one answer. Received: {size / 2**20:.1f} MB.")
    if len(text) > MAX_TEXT:
        raise WireError(f"Expected arrays, not {len(text) / 2**20:.1f} MB of text, lists and numbers.")
    channel.sendall(HEAD.pack(len(text), size) + text)
    for array in arrays:
        channel.sendall(array.tobytes())


def receive(channel: socket.socket, deadline: float | Clock, allowance: Allowance | None = None) -> Any:
    """Read one frame and return its value; the allowance counts it.

    Args:
        channel: a connected stream socket.
        deadline: in seconds of time.monotonic(), or a clock.
        allowance: for this frame and the following ones; by default, one frame's.

    Raises:
        Closed, Late, WireError: see there.
    """
    length, size = HEAD.unpack(exactly(channel, HEAD.size, deadline))
    (allowance or Allowance()).take(length, size)
    text, body = exactly(channel, length, deadline), exactly(channel, size, deadline)
    try:
        packed, shapes = json.loads(text)
        return unpack(packed, Once(split(body, shapes)))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        raise WireError(f"A broken frame: {type(error).__name__}.") from None


class Once:
    """Arrays that can be taken once each: a few bytes must not stand for many arrays."""

    def __init__(self, arrays: list[np.ndarray]) -> None:
        """None is taken yet."""
        self.arrays = dict(enumerate(arrays))

    def __getitem__(self, i: Any) -> np.ndarray:
        """Take one array.

        Raises:
            KeyError: there is none of this number, or it was taken.
        """
        if type(i) is not int:
            raise KeyError(i)
        return self.arrays.pop(i)


def split(body: bytes, shapes: list[Any]) -> list[np.ndarray]:
    """Cut the bytes into arrays; every byte must be used, and none twice."""
    arrays, start = [], 0
    for name, shape in shapes:
        if name not in DTYPES or not all(type(n) is int and n >= 0 for n in shape) or len(shape) > 16:
            raise ValueError("not a shape of numbers")
        dtype = np.dtype(name)
        stop = start + math.prod(shape) * dtype.itemsize
        if stop > len(body):
            raise ValueError("shape and bytes differ")
        arrays.append(np.frombuffer(body[start:stop], dtype).reshape(shape))
        start = stop
    if start != len(body):
        raise ValueError("bytes left over")
    return arrays


def exactly(channel: socket.socket, count: int, deadline: float | Clock) -> bytes:
    """Read `count` bytes before the deadline."""
    parts = bytearray()
    while len(parts) < count:
        left = deadline.left() if isinstance(deadline, Clock) else deadline - time.monotonic()
        if left <= 0:
            raise Late("The time is over.")
        channel.settimeout(left)
        try:
            part = channel.recv(min(count - len(parts), 2**20))
        except TimeoutError:
            continue  # the deadline decides
        except OSError as error:
            raise Closed(str(error)) from None
        if not part:
            raise Closed("The other end closed the connection.")
        parts += part
    return bytes(parts)
