"""What to talk about in class: recognised mistakes first, and what concerns most students before what concerns few."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.report.groups import name_of, plain_name
from autograder.report.records import Item, Mistake, Topic

MOST = 6
MOST_OTHERS = 4
AT_LEAST = 2
"""What one student alone has is for that student, not for the class."""


def topics_of(mistakes: Sequence[Mistake], items: Sequence[Item]) -> tuple[Topic, ...]:
    """At most six misconceptions, then at most four things that nobody has explained yet; each kind by how many
    students it concerns.

    Args:
        mistakes: the recognised ones.
        items: the exercises.
    """
    others = [*unexplained(items), *not_written(items)]
    return tuple(most_students(shared_hints(mistakes), MOST) + most_students(others, MOST_OTHERS))


def most_students(topics: Sequence[Topic], most: int) -> list[Topic]:
    """The topics that concern most students, first, without those of a single one."""
    shared = [topic for topic in topics if len(topic.students) >= AT_LEAST]
    return sorted(shared, key=lambda topic: -len(topic.students))[:most]


def shared_hints(mistakes: Sequence[Mistake]) -> list[Topic]:
    """Misconceptions; those of one exercise with one hint are one topic, as the same words help."""
    together: dict[tuple[str, str], list[Mistake]] = {}
    for mistake in mistakes:
        together.setdefault((mistake.exercise, mistake.hint or mistake.id), []).append(mistake)
    return [
        Topic(
            exercise,
            ", or ".join(plain_name(mistake.id) for mistake in group),
            group[0].hint,
            tuple(sorted({student for mistake in group for student in mistake.students})),
            tuple(mistake.id for mistake in group),
        )
        for (exercise, _), group in together.items()
    ]


def unexplained(items: Sequence[Item]) -> list[Topic]:
    """Wrong answers in which nothing was recognised, with the case at which most of them fail."""
    return [
        Topic(item.name, "wrong, for reasons that were not recognised", where_it_fails(item.failed_case), who)
        for item in items
        if (who := item.unexplained)
    ]


def where_it_fails(case: str) -> str:
    """A sentence about a case."""
    return f"Most of these answers fail at the case “{case}”." if case else ""


def not_written(items: Sequence[Item]) -> list[Topic]:
    """Exercises that students left as they were, although they wrote others."""
    text = "These students wrote other exercises, but not this one. Was it the time, or how to begin?"
    return [Topic(name_of(item.name), "not written", text, item.not_written) for item in items]
