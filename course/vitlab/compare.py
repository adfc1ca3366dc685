"""Compare an answer with the expected one: pure functions over plain values. An empty message means equal."""

import numpy as np


def compare(expected, got, tolerance=1e-5, floor=None):
    """The first difference in words, or "" when `got` agrees with `expected`.

    Structure first, then shape, then finiteness, then numbers.

    Args:
        expected: the reference's plain value.
        got: the student's plain value. float64 is as good as float32, a list as good as a tuple.
        tolerance: absolute and relative.
        floor: if given, all numbers at or below it count as equal (-inf too).
    """
    if isinstance(expected, dict):
        return compare_dicts(expected, got, tolerance, floor)
    if isinstance(expected, list) and not is_nested_numbers(expected):
        return compare_lists(expected, got, tolerance, floor)
    if expected is None or isinstance(expected, str):
        return "" if type(expected) is type(got) and expected == got else f"expected {expected!r}, got {short(got)}"
    return compare_arrays(np.asarray(expected), got, tolerance, floor)


def compare_part(expected, got, part=None, tolerance=1e-5, floor=None):
    """As `compare`, for one part (a key or an index) of both answers; None compares all of them.

    A key that a right dict does not have must not be in the other, either.
    """
    if part is None:
        return compare(expected, got, tolerance, floor)
    if isinstance(expected, dict):
        if part not in expected:
            return absent(got, part)
        return compare_dicts({part: expected[part]}, got, tolerance, floor).removeprefix(f"{part}: ")
    if not isinstance(got, list) or len(got) != len(expected):
        return f"expected a tuple of {len(expected)} results, got {short(got)}"
    return compare(expected[part], got[part], tolerance, floor)


def absent(got, key):
    """Why an answer is no dict without this key, in words; "" where it is one."""
    if not isinstance(got, dict):
        return f"expected a dict, got {short(got)}"
    return f'the key "{key}" should not be there' if key in got else ""


RIGHT_ALONE = "right, but it counts only together with"


def alone(messages, other):
    """Why a right case does not pass by itself, or "": a wrong answer could be right there, too.

    Args:
        messages: case name to the difference in words, "" where there is none.
        other: name of the case that must be right as well, or None.
    """
    return f"{RIGHT_ALONE} “{other}”" if other and messages[other] else ""


def compare_dicts(expected, got, tolerance, floor):
    """Key by key, in the expected order; further keys are ignored."""
    if not isinstance(got, dict):
        return f"expected a dict with the keys {', '.join(expected)}; got {short(got)}"
    for key, value in expected.items():
        if key not in got:
            keys = ", ".join(ascii(other)[1:-1][:60] for other in list(got)[:9])
            return f'the key "{key}" is missing; got the keys {keys or "(none)"}'
        message = compare(value, got[key], tolerance, floor)
        if message:
            return f"{key}: {message}"
    return ""


def compare_lists(expected, got, tolerance, floor):
    """Item by item, for tuples of results."""
    if not isinstance(got, list) or len(got) != len(expected):
        return f"expected a tuple of {len(expected)} results, got {short(got)}"
    for i, (one, other) in enumerate(zip(expected, got, strict=True)):
        message = compare(one, other, tolerance, floor)
        if message:
            return f"result {i + 1} of {len(expected)}: {message}"
    return ""


def compare_arrays(expected, got, tolerance, floor):
    """Shape, then NaN and infinity, then values; names the first differing index."""
    if got is None:
        return f"expected {kind_of(expected)}, got None: does your code return its result?"
    if isinstance(got, (str, dict)) or (isinstance(got, list) and not is_nested_numbers(got)):
        return f"expected {kind_of(expected)}, got {short(got)}"
    if shape_of(got) != expected.shape:  # before anything is copied: an answer can be large
        return f"expected shape {expected.shape}, got {shape_of(got)}"
    got = as_array(got)
    if got is None:
        return f"expected {kind_of(expected)}, got a number too large for an array"
    if got.dtype.kind == "b" and expected.dtype.kind == "f":
        return "expected numbers, got True and False (dtype bool): did a bool mask swallow the scores?"
    wide, seen = expected.astype(np.float64), got.astype(np.float64)
    if floor is not None:
        wide, seen = (np.where(numbers <= floor, floor, numbers) for numbers in (wide, seen))
    with np.errstate(invalid="ignore"):
        near = np.isfinite(wide) & (np.abs(seen - wide) <= tolerance * (1 + np.abs(wide)))
    wrong = np.argwhere(~(near | (seen == wide) | np.isnan(seen) & np.isnan(wide)))
    if not len(wrong):
        return ""
    index = tuple(int(i) for i in wrong[0])
    place = f"at {list(index)} " if index else ""
    wanted = number(expected[index]) if floor is None or expected[index] > floor else f"{floor:g} or below"
    return f"{place}expected {wanted}, got {number(got[index])}"


def is_nested_numbers(value):
    """Whether a list is an array in disguise: numbers in lists of equal lengths."""
    return isinstance(value, list) and bool(value) and shape_of(value) is not None


def shape_of(value):
    """The shape of a number, an array, or a list of items that all have one shape; None for anything else."""
    if isinstance(value, (bool, int, float)):
        return ()
    if isinstance(value, (np.ndarray, np.generic)):
        return value.shape
    if not isinstance(value, list):
        return None
    shapes = {shape_of(item) for item in value}
    return (len(value), *shapes.pop()) if len(shapes) == 1 and None not in shapes else None


def as_array(value):
    """The value as an array of numbers; None where a number is too large for one."""
    try:
        array = np.asarray(value)
        array.astype(np.float64)
    except (OverflowError, ValueError, TypeError):
        return None
    return array if array.dtype != object else None


def number(value):
    """A number as a person writes it, to six digits."""
    return f"{value + 0.0:.6g}" if np.asarray(value).dtype.kind == "f" else str(value)


def kind_of(array):
    """ "a number" or "an array of shape ..."."""
    return f"an array of shape {array.shape}" if array.shape else "a number"


def short(value):
    """What a wrong answer is, in a few words."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, list):
        return f"a tuple or list of {len(value)}"
    if isinstance(value, dict):
        return f"a dict of {len(value)}"
    if isinstance(value, int) and abs(value) > 10**30:
        return "a very large number"
    return ascii(value)[:60] if isinstance(value, str) else str(value)[:60]
