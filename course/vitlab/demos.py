"""Demos that wait for the student's functions, so that "Run all" goes through from the first day."""

import warnings
from contextlib import contextmanager

from vitlab.probe import is_unwritten

FROM_ABOVE = "It uses your functions from above: run their checks first, then this cell again."
IN_A_GRAPH = (
    "While a model is trained, your code gets tensors that have no numbers yet, and NumPy cannot work with those.\n"
    "Somewhere above, a function or a layer of yours computes with `np`: take `ops` there, even if its check is green."
)


@contextmanager
def demo():
    """Run a demo; if an exercise that it needs is not written yet, or fails, say so in one line and go on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Keras warns at each call of a layer with a mask
            yield
    except Exception as error:
        print(in_words(error))


def in_words(error):
    """What a student reads instead of a traceback."""
    if is_unwritten(error):
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        name = trace.tb_frame.f_code.co_qualname.partition(".")[0]
        return f"This demo uses `{name}`, which you have not written yet. Come back and run it again afterwards."
    if isinstance(error, NameError):
        return f"This demo needs `{error.name}`, which a cell above makes. Run that one first, then this cell again."
    text = " ".join(str(error).split())[:200]
    tip = IN_A_GRAPH if "symbolic" in text and "numpy" in text.lower() else ""
    return f"The demo stopped with {type(error).__name__}: {text}\n{tip or FROM_ABOVE}"
