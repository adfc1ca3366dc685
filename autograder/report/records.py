"""What a class report says, as plain records: the page, the JSON and the tests read these."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mistake:
    """A recognised misconception and who has it."""

    id: str
    exercise: str
    hint: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """How the class did in one exercise, or in the trained item."""

    name: str
    max_points: float
    groups: dict[str, int]
    """Students by how their work ended: see `groups.GROUPS`."""
    difficulty: float | None
    """Mean share of the points, 0 to 1, of all whose points count; None where there is nobody."""
    discrimination: float | None
    """Correlation of its points with those of all other exercises, -1 to 1; None where it says nothing."""
    unexplained: tuple[str, ...]
    """Students with a wrong answer in which no misconception was recognised."""
    failed_case: str
    """The case that most of them fail, "" for none."""
    not_written: tuple[str, ...]


@dataclass(frozen=True)
class Topic:
    """Something to talk about in class, and whom it concerns."""

    exercise: str
    title: str
    text: str
    students: tuple[str, ...]
    mistakes: tuple[str, ...] = ()
    """Ids of the misconceptions behind it."""


@dataclass(frozen=True)
class Look:
    """A student that a teacher should look at, and why."""

    student: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """Five numbers of a distribution of points."""

    lowest: float
    lower_quarter: float
    median: float
    upper_quarter: float
    highest: float


@dataclass(frozen=True)
class TrainedItem:
    """Accuracies of the models handed in, against the bar."""

    accuracies: dict[str, float]
    full_marks_at: float | None
    zero_at: float | None
    dataset: str
    reached: int
    """Students at or above full_marks_at."""


@dataclass(frozen=True)
class Row:
    """One student's line in the table of the class."""

    student: str
    points: float
    parts: dict[str, tuple[str, float]]
    """Exercise to group and points."""
    mistakes: tuple[str, ...]
    accuracy: float | None = None


@dataclass(frozen=True)
class ClassReport:
    """All that the page says."""

    assignment: str
    graded_at: str
    """Of the latest verdict, in ISO 8601."""
    max_points: float
    rows: tuple[Row, ...]
    begun: int
    """Students who wrote anything at all: those that the figures of the exercises are about."""
    spread: Spread | None
    points: tuple[float, ...]
    """Of those who handed something in, without those whom our own faults concern."""
    topics: tuple[Topic, ...]
    mistakes: tuple[Mistake, ...]
    items: tuple[Item, ...]
    looks: tuple[Look, ...]
    trained: TrainedItem | None
    unread: tuple[str, ...]
    """Verdict files that cannot be read."""
    ungraded: tuple[str, ...]
    """Students who handed in and have no verdict yet."""
    self_reported: bool = False
    """A plain nbgrader notebook: tests and student code shared a process."""
