"""Import Keras alone: half a second less than with the plots that it offers and nobody looks at here."""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import cast

PLOTS = "matplotlib"


def import_keras() -> None:
    """Import Keras and TensorFlow; matplotlib is imported later by whoever asks for it."""
    missing = PLOTS not in sys.modules
    if missing:
        sys.modules[PLOTS] = cast(ModuleType, None)  # importing it now fails, as where it is not installed
    try:
        importlib.import_module("keras")
    finally:
        if missing:
            del sys.modules[PLOTS]
