"""A class in numbers: pure functions from verdicts to the records of the report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from autograder.grade.verdict import parts_of
from autograder.records import TRAINED, ExerciseVerdict, Verdict
from autograder.report.groups import ORDER, group_of, has_begun, is_ours
from autograder.report.looks import looks_of
from autograder.report.records import ClassReport, Item, Mistake, Row, Spread, TrainedItem
from autograder.report.topics import topics_of

FEWEST = 10
"""Students below which a correlation says nothing."""
WRONG = ("partly right", "wrong")


def report_of(
    assignment: str, verdicts: Mapping[str, Verdict], unread: Sequence[str] = (), ungraded: Sequence[str] = ()
) -> ClassReport:
    """The whole report.

    Args:
        assignment: e.g. "01_attention".
        verdicts: student to verdict.
        unread: names of files that could not be read.
        ungraded: students who handed in and have no verdict.
    """
    begun = {student: verdict for student, verdict in verdicts.items() if has_begun(verdict)}
    points = tuple(sorted(verdict.points for verdict in begun.values() if not is_ours(verdict)))
    mistakes, items = mistakes_of(verdicts), items_of(begun)
    return ClassReport(
        assignment,
        max((verdict.graded_at for verdict in verdicts.values()), default=""),
        max((verdict.max_points for verdict in verdicts.values()), default=0.0),
        tuple(row_of(student, verdict) for student, verdict in sorted(verdicts.items())),
        len(begun),
        spread_of(points),
        points,
        topics_of(mistakes, items),
        mistakes,
        items,
        looks_of(verdicts),
        trained_item(verdicts),
        tuple(unread),
        tuple(ungraded),
        any(part.self_reported for verdict in verdicts.values() for part in verdict.exercises.values()),
    )


def mistakes_of(verdicts: Mapping[str, Verdict]) -> tuple[Mistake, ...]:
    """Every recognised misconception with its students, the most frequent first."""
    who: dict[str, list[str]] = {}
    about: dict[str, tuple[str, str]] = {}
    for student, verdict in sorted(verdicts.items()):
        for name, part in verdict.exercises.items():
            if part.misconception:
                who.setdefault(part.misconception, []).append(student)
                hint = part.hint or about.get(part.misconception, ("", ""))[1]
                about[part.misconception] = (name, hint)
    found = [Mistake(known, *about[known], tuple(students)) for known, students in who.items()]
    return tuple(sorted(found, key=lambda mistake: (-len(mistake.students), mistake.id)))


def items_of(begun: Mapping[str, Verdict]) -> tuple[Item, ...]:
    """Every exercise in the lesson's order, and the trained item.

    Args:
        begun: student to verdict, of those who wrote anything: the others would make every exercise look alike.
    """
    names = list(dict.fromkeys(name for verdict in begun.values() for name in parts_of(verdict)))
    return tuple(item_of(name, begun) for name in names)


def item_of(name: str, begun: Mapping[str, Verdict]) -> Item:
    """One exercise's figures."""
    parts = {
        student: parts_of(verdict)[name] for student, verdict in sorted(begun.items()) if name in parts_of(verdict)
    }
    groups = Counter(group_of(part) for part in parts.values())
    shares = [share_of([part]) for part in parts.values() if counts(part) and part.outcome != "infra_error"]
    unexplained = [who for who, part in parts.items() if is_unexplained(name, part)]
    failed = Counter(case.name for who in unexplained for case in parts[who].cases if not case.passed)
    return Item(
        name,
        max(part.max_points for part in parts.values()),
        {group: groups[group] for group in ORDER if groups[group]},
        float(np.mean(shares)) if shares else None,
        discrimination(*own_and_rest(name, begun)),
        tuple(unexplained),
        failed.most_common(1)[0][0] if failed else "",
        tuple(who for who, part in parts.items() if counts(part) and group_of(part) == "not written"),
    )


def counts(part: ExerciseVerdict) -> bool:
    """Whether the points say something about the student: not if they are a person's to give, or there are none."""
    return part.max_points > 0 and not part.by_hand


def share_of(parts: Sequence[ExerciseVerdict]) -> float:
    """The share of the points of some parts that count."""
    return sum(part.points for part in parts) / sum(part.max_points for part in parts)


def is_unexplained(name: str, part: ExerciseVerdict) -> bool:
    """Whether an answer is wrong and nobody knows why; a model short of its bar is no such riddle."""
    return name != TRAINED and group_of(part) in WRONG and not part.misconception


def own_and_rest(name: str, begun: Mapping[str, Verdict]) -> tuple[list[float], list[float]]:
    """Each student's points in an exercise, and the share of those in all others that count for this student; without
    students whom our own faults concern."""
    whole = [parts_of(verdict) for verdict in begun.values() if not is_ours(verdict)]
    counted = [{other: part for other, part in parts.items() if counts(part)} for parts in whole]
    both = [parts for parts in counted if name in parts and len(parts) > 1]
    own = [parts[name].points for parts in both]
    rest = [share_of([part for other, part in parts.items() if other != name]) for parts in both]
    return own, rest


def discrimination(own: Sequence[float], rest: Sequence[float]) -> float | None:
    """The corrected item-total correlation: does who knows the rest know this too?

    Args:
        own: points in the exercise, one for each student.
        rest: points in all others together, or their share, in the same order.

    Returns:
        Pearson's correlation; None below 10 students, or where all have the same points.

    Source: Nunnally and Bernstein 1994, Psychometric Theory, chapter 8.
    """
    if len(own) < FEWEST or np.ptp(own) == 0 or np.ptp(rest) == 0:
        return None
    return float(np.corrcoef(own, rest)[0, 1])


def spread_of(points: Sequence[float]) -> Spread | None:
    """Lowest, quarters, median, highest; None of nothing."""
    if not points:
        return None
    return Spread(*(float(number) for number in np.percentile(points, [0, 25, 50, 75, 100])))


def trained_item(verdicts: Mapping[str, Verdict]) -> TrainedItem | None:
    """Accuracies against the bar; None where the lesson has no trained item, or nobody's model was tried."""
    tried = {who: v.trained for who, v in sorted(verdicts.items()) if v.trained and v.trained.accuracy is not None}
    if not tried:
        return None
    accuracies = {student: found.accuracy for student, found in tried.items() if found.accuracy is not None}
    bar = next((found.bar for found in tried.values() if found.bar), {})
    full, zero = bar.get("full_marks_at"), bar.get("zero_at")
    dataset = next((found.dataset for found in tried.values() if found.dataset), "")
    reached = sum(accuracy >= full for accuracy in accuracies.values()) if full is not None else 0
    return TrainedItem(accuracies, full, zero, dataset, reached)


def row_of(student: str, verdict: Verdict) -> Row:
    """A student's line."""
    parts = {name: (group_of(part), part.points) for name, part in parts_of(verdict).items()}
    mistakes = tuple(part.misconception for part in verdict.exercises.values() if part.misconception)
    return Row(student, verdict.points, parts, mistakes, verdict.trained.accuracy if verdict.trained else None)
