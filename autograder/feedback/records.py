"""What a feedback page says, as plain records: the template and the tests read these."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from autograder.records import ExerciseVerdict


@dataclass(frozen=True)
class Figure:
    """A picture that the student's notebook showed."""

    number: int
    source: str
    """As a data address."""


@dataclass(frozen=True)
class Item:
    """One graded part of a notebook."""

    id: str
    """Of the graded cell."""
    name: str
    """As a person says it."""
    is_code: bool
    """Whether the name is one of the student's code."""
    state: str
    """right, partly, wrong, empty, stopped, waiting or by-hand: gives colour and sign."""
    words: str
    """How it ended."""
    score: float
    max_points: float
    verdict: ExerciseVerdict | None = None
    changed_by_hand: bool = False
    """A person gave other points than the verdict."""
    note: str = ""
    answer: tuple[Markup, ...] = ()
    """What the student wrote, as HTML."""
    comments: tuple[Markup, ...] = ()
    figures: tuple[Figure, ...] = ()
    outputs: tuple[str, ...] = ()
    """What a graded cell without a verdict printed."""


@dataclass(frozen=True)
class Cell:
    """A cell of the whole notebook."""

    kind: str
    content: Markup
    outputs: tuple[str | Figure, ...] = ()
    item: str = ""
    """Id of the item that it belongs to."""


@dataclass(frozen=True)
class Page:
    """All that the page says."""

    title: str
    student: str
    score: float
    max_points: float
    late_penalty: float
    problem: str
    """Why nothing of the submission could be graded, or ""."""
    items: tuple[Item, ...]
    loose_figures: tuple[Figure, ...]
    """Pictures before the first exercise."""
    cells: tuple[Cell, ...]

    @property
    def waiting(self) -> tuple[Item, ...]:
        """What a person has still to grade."""
        return tuple(item for item in self.items if item.state == "waiting")

    @property
    def next(self) -> Item | None:
        """Where to begin: the first part that is not right, one with a hint before others, nothing unwritten before
        what was tried."""
        tried = [item for item in self.items if item.verdict and item.state in ("partly", "wrong", "stopped")]
        hinted = [item for item in tried if item.verdict and item.verdict.hint]
        empty = [item for item in self.items if item.verdict and item.state == "empty"]
        return next(iter(hinted or tried or empty), None)
