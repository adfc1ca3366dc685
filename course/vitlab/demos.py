"""Demos that wait for the student's functions, so that "Run all" goes through from the first day."""

import warnings
from contextlib import contextmanager


@contextmanager
def demo():
    """Run a demo; if an exercise that it needs is not written yet, or fails, say so in one line and go on."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # Keras warns at each call of a layer with a mask
            yield
    except NotImplementedError as error:
        trace = error.__traceback__
        while trace.tb_next is not None:
            trace = trace.tb_next
        name = trace.tb_frame.f_code.co_qualname.partition(".")[0]
        print(f"This demo uses `{name}`, which you have not written yet. Come back and run it again afterwards.")
    except NameError as error:
        print(f"This demo needs `{error.name}`, which a cell above makes. Run that one first, then this cell again.")
    except Exception as error:
        text = " ".join(str(error).split())[:200]
        print(f"The demo stopped with {type(error).__name__}: {text}")
        print("It uses your functions from above: run their checks first, then this cell again.")
