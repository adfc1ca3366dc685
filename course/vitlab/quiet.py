"""Keep TensorFlow's notes on missing hardware out of a notebook: they look like errors and are none."""

import os
import sys
from contextlib import contextmanager


@contextmanager
def quiet_stderr():
    """Within the block, what libraries write to the process's standard error goes nowhere."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
