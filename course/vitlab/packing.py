"""Plain values as JSON with the arrays put aside: how fixtures are stored and how answers travel. No pickle."""

import numpy as np

ARRAY = "$array"
MAX_DEPTH = 16
KINDS = "biuf"  # bool, int, unsigned, float: nothing that holds objects


def pack(value, arrays, depth=0):
    """Replace every array in a plain value by a reference, and append the array to `arrays`.

    Args:
        value: None, bool, int, float, str, a NumPy array of numbers, or lists, tuples and string-keyed dicts of these.
        arrays: list that receives the arrays in order.

    Raises:
        TypeError: for anything else, or for a nesting deeper than 16.
    """
    if depth > MAX_DEPTH:
        raise TypeError(f"Expected a value nested at most {MAX_DEPTH} deep.")
    if value is None or (isinstance(value, (bool, int, float, str)) and not isinstance(value, np.generic)):
        return value
    if isinstance(value, (list, tuple)):
        return [pack(item, arrays, depth + 1) for item in value]
    if isinstance(value, dict):
        if ARRAY in value or not all(type(key) is str for key in value):
            raise TypeError("Expected a dict whose keys are plain strings.")
        return {key: pack(item, arrays, depth + 1) for key, item in value.items()}
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in KINDS:
        arrays.append(np.ascontiguousarray(value).reshape(value.shape))
        return {ARRAY: len(arrays) - 1}
    raise TypeError(f"Expected numbers or arrays of numbers. Received: {type(value).__name__}.")


def unpack(value, arrays, depth=0):
    """The inverse of `pack`: put the arrays back. Tuples come back as lists.

    Raises:
        ValueError: the value is nested deeper than `pack` allows.
    """
    if depth > MAX_DEPTH + 3:  # a message holds its value some levels down
        raise ValueError(f"Expected a value nested at most {MAX_DEPTH} deep.")
    if isinstance(value, list):
        return [unpack(item, arrays, depth + 1) for item in value]
    if isinstance(value, dict):
        if ARRAY in value:
            return arrays[value[ARRAY]]
        return {key: unpack(item, arrays, depth + 1) for key, item in value.items()}
    return value
