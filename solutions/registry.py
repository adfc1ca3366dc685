"""How a lesson registers its misconceptions: wrong answers with a hint, right ones that look wrong, questions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograder.records import Misconception


class Registry(list[Misconception]):
    """The misconceptions of one exercise, in the order in which they are written down."""

    def __init__(self, exercise: str) -> None:
        """Start an empty list for an exercise."""
        super().__init__()
        self.exercise = exercise

    def wrong(self, hint: str, twin: str | None = None) -> Callable[[Any], Any]:
        """Register the decorated function or class as a variant that must fail and be named.

        Args:
            hint: what the student reads; it leads, it never gives the answer.
            twin: name of a variant that gives the same answers, whose hint is the one to show.
        """
        return self.register("variant", hint, twin)

    def right(self, why: str) -> Callable[[Any], Any]:
        """Register the decorated function as one that looks wrong and must pass."""
        return self.register("accepted", why, None)

    def question(self, name: str, hint: str) -> None:
        """Register a mistake that is asked about in words, not in code."""
        self.append(Misconception(f"{self.exercise}.{name}", self.exercise, "question", hint))

    def register(self, kind: Any, hint: str, twin: str | None) -> Callable[[Any], Any]:
        """A decorator; the function's name is the misconception's id, after the exercise's."""

        def keep(function: Any) -> Any:
            twin_id = f"{self.exercise}.{twin}" if twin else None
            name = f"{self.exercise}.{function.__name__}"
            self.append(Misconception(name, self.exercise, kind, hint, function, twin_id))
            return function

        return keep
