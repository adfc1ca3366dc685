"""Where hidden inputs come from."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(secret: str, student: str, assignment: str, exercise: str) -> np.random.Generator:
    """The generator of an exercise's hidden inputs: the same for every regrade and appeal of a student.

    A student is called as their folder is, whose name may be any bytes.
    """
    text = "\0".join((secret, student, assignment, exercise)).encode(errors="surrogateescape")
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text).digest()))
