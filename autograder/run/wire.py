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
from typing import Any

import numpy as np
from vitlab.packing import pack, unpack

HEAD = struct.Struct("!II")
MAX_TEXT = 4 * 2**20
MAX_BYTES = 64 * 2**20
DTYPES = frozenset(
    ["bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"]
)


class WireError(Exception):
    """A frame that is too large, cut short, or not what a frame should be."""


class Closed(WireError):
    """The other end is gone."""


class Late(WireError):
    """The deadline passed before the frame was complete."""


def send(channel: socket.socket, value: Any) -> None:
    """Write one plain value as a frame.

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
    if len(text) > MAX_TEXT or size > MAX_BYTES:
        raise WireError(f"Expected at most {MAX_BYTES // 2**20} MB in one answer. Received: {size / 2**20:.1f} MB.")
    channel.sendall(HEAD.pack(len(text), size) + text)
    for array in arrays:
        channel.sendall(array.tobytes())


def receive(channel: socket.socket, deadline: float, max_bytes: int = MAX_BYTES) -> Any:
    """Read one frame and return its value.

    Args:
        channel: a connected stream socket.
        deadline: in seconds of time.monotonic().
        max_bytes: of the arrays in it.

    Raises:
        Closed, Late, WireError: see there.
    """
    length, size = HEAD.unpack(exactly(channel, HEAD.size, deadline))
    if length > MAX_TEXT or size > max_bytes:
        raise WireError(f"more than {MAX_BYTES // 2**20} MB of answers.")
    text, body = exactly(channel, length, deadline), exactly(channel, size, deadline)
    try:
        packed, shapes = json.loads(text)
        if text.count(b'"$array"') > len(shapes):
            raise ValueError("an array is used twice")
        return unpack(packed, split(body, shapes))
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OverflowError) as error:
        raise WireError(f"A broken frame: {type(error).__name__}.") from None


def bytes_in(value: Any) -> int:
    """How many bytes the arrays in a plain value hold."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return sum(map(bytes_in, items))


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


def exactly(channel: socket.socket, count: int, deadline: float) -> bytes:
    """Read `count` bytes before the deadline."""
    parts = bytearray()
    while len(parts) < count:
        left = deadline - time.monotonic()
        if left <= 0:
            raise Late("The time is over.")
        channel.settimeout(left)
        try:
            part = channel.recv(min(count - len(parts), 2**20))
        except TimeoutError:
            raise Late("The time is over.") from None
        except OSError as error:
            raise Closed(str(error)) from None
        if not part:
            raise Closed("The other end closed the connection.")
        parts += part
    return bytes(parts)
