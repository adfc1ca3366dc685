"""Switch off the library calls that an exercise asks to build, and put them back afterwards."""

import importlib
import inspect
import sys
from contextlib import contextmanager


class SwitchedOff(Exception):
    """A library call that the exercise asks to build was used."""


@contextmanager
def switched_off(names, reached=None, namespace=None):
    """Within the block, each named library call raises SwitchedOff.

    Args:
        names: dotted names, e.g. "keras.ops.softmax"; with an argument in brackets, "json.dumps(indent)", the call is
            off only where that argument is given, and not 0. Libraries that are not installed are passed over.
        reached: list that receives the names that were called.
        namespace: a dict of variables (a notebook's); names in it that hold one of the calls are replaced too.
    """
    undo = []
    reached = [] if reached is None else reached
    for name in names:
        dotted, _, argument = name.rstrip(")").partition("(")
        holder, attribute = find(dotted)
        if holder is None:
            continue
        original, off = getattr(holder, attribute), make_off(name, reached)
        off = make_guard(original, argument, off) if argument else off
        undo.append((setattr, holder, attribute, original))
        setattr(holder, attribute, off)
        for key, value in list((namespace or {}).items()):
            if value is original:
                undo.append((dict.__setitem__, namespace, key, original))
                namespace[key] = off
    try:
        yield reached
    finally:
        for put, holder, attribute, original in reversed(undo):
            put(holder, attribute, original)


def find(name):
    """(holder, attribute) of a dotted name, or (None, None) where it is not installed or not yet imported."""
    path, attribute = map(sys.intern, name.rsplit(".", 1))  # modules of tf.compat.v1 look names up by identity
    if path.split(".")[0] not in sys.modules:
        return None, None
    try:
        holder = importlib.import_module(path)
    except ImportError:
        return None, None
    return (holder, attribute) if hasattr(holder, attribute) else (None, None)


def make_off(name, reached):
    """A stand-in for the call `name` that notes that it was reached and raises."""

    def off(*args, **kwargs):
        reached.append(name)
        raise SwitchedOff(f"{name} is what you build in this exercise, so it is switched off. Use simpler operations.")

    return off


def make_guard(original, argument, off):
    """A stand-in for `original` that is `off` where the argument is given and not 0, and the call itself elsewhere."""
    signature = inspect.signature(original)

    def guarded(*args, **kwargs):
        given = signature.bind_partial(*args, **kwargs).arguments.get(argument, 0)
        is_zero = isinstance(given, (int, float)) and given == 0
        return original(*args, **kwargs) if is_zero else off()

    guarded.__signature__ = signature
    return guarded
