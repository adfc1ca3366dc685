"""Ask the reference and the wrong variants: our own code, in the grader's own process."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograder.records import Answer, Question

lock = threading.Lock()  # Keras keeps global state; graders run in threads


def answers_of(function: Callable[..., Any], questions: Sequence[Question]) -> Iterator[Answer]:
    """The answers of a trusted function or layer, one at a time, so that a caller may stop at the first that differs."""
    for question in questions:
        yield answer_of(function, question)


def answer_of(function: Callable[..., Any], question: Question) -> Answer:
    """One answer, on the CPU under float32; an exception becomes an error in words."""
    from vitlab.check import calm
    from vitlab.probe import WeightError, ask

    with lock, calm():
        try:
            return Answer(value=ask(function, vars(question)))
        except WeightError as error:
            return Answer(error=str(error), weight_error=True)
        except Exception as error:
            return Answer(error=type(error).__name__)
