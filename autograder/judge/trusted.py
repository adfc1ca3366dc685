"""Ask the reference and the wrong variants: our own code, in the grader's own process."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from autograder.records import Answer, Question

BATCH = 256
lock = threading.Lock()  # Keras keeps global state
meanwhile = ThreadPoolExecutor(1)


class OtherModel(Exception):
    """Weights that do not fit our own model; says which one, and the shapes."""


def begin_answers(function: Callable[..., Any], questions: Sequence[Question]) -> Future[list[Answer]]:
    """Begin to answer all questions, while the caller waits for a submission to do the same."""
    return meanwhile.submit(lambda: list(answers_of(function, questions)))


def answers_of(function: Callable[..., Any], questions: Sequence[Question]) -> Iterator[Answer]:
    """The answers of a trusted function or layer, one at a time, so that a caller may stop at the first difference."""
    for question in questions:
        yield answer_of(function, question)


def answer_of(function: Callable[..., Any], question: Question) -> Answer:
    """One answer, on the CPU under float32; an exception becomes an error in words."""
    from vitlab.checking import calm
    from vitlab.probe import WeightError, ask

    with lock, calm():
        try:
            return Answer(value=ask(function, vars(question)))
        except WeightError as error:
            return Answer(error=str(error), weight_error=True)
        except Exception as error:
            return Answer(error=type(error).__name__)


def forget() -> None:
    """Drop what TensorFlow has kept of each variable that our models ever had: about a megabyte for a submission."""
    if "keras" in sys.modules:  # a class of plain notebooks is graded without it
        with lock:
            sys.modules["keras"].utils.clear_session(free_memory=False)


def outputs_with(
    builder: Callable[..., Any], arguments: dict[str, Any], weights: dict[str, np.ndarray], *inputs: np.ndarray
) -> np.ndarray:
    """What our own model, with a submission's weights put in by path, makes of some inputs.

    Raises:
        OtherModel: a weight has another shape than our model's.
    """
    from vitlab.checking import calm
    from vitlab.probe import WeightError, overwrite

    with lock, calm():
        model = builder(**arguments)
        model(*(array[:1] for array in inputs), training=False)
        try:
            for path, array in weights.items():
                overwrite(model, path, array)
        except WeightError as error:
            raise OtherModel(str(error)) from None
        return in_batches(model, *inputs)


def in_batches(model: Any, *inputs: np.ndarray) -> np.ndarray:
    """A model's outputs for many inputs: one array, or several of equal length for a model that takes several."""
    starts = range(0, len(inputs[0]), BATCH)
    batches = ([array[i : i + BATCH] for array in inputs] for i in starts)
    return np.concatenate([np.asarray(model(*batch, training=False)) for batch in batches])
