"""All exercises of a submission in one process first: what is right there need not be run alone.

Exercises that fail because one that they call is wrong run in a second process, with stand-ins. The verdicts are those
of `grade_exercise`, which runs alone whatever is not believed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.grade.exercise import Asked, Early, Notebook, Tried, ask, ask_with_stand_ins, judge, named, not_there
from autograder.grade.rules import Rules
from autograder.read.ordinary import is_ordinary
from autograder.read.slice import Slice, slice_for
from autograder.records import ExerciseVerdict, Lesson, Run
from autograder.run.worker import Worker

Found = tuple[ExerciseVerdict, tuple[str, ...]]


def run_early(notebook: Notebook, lesson: Lesson, worker: Worker, rules: Rules) -> Early:
    """All exercises of a submission that ask for nothing but numbers, as they stand, then with stand-ins."""
    parts = ordinary_parts(notebook, lesson, rules)
    asked = {name: ask(name, part.statements, notebook, lesson, rules) for name, part in parts.items()}
    runs = together(asked, worker)
    believed: dict[tuple[str, tuple[str, ...]], Found] = {}
    broken: dict[str, list[str]] = {}
    for name, run in runs.items():
        callees = [other for other in broken if other in parts[name].names and other in lesson.stand_ins]
        found = verdict_of_early(Tried(judge(asked[name], run, lesson), asked[name], run), lesson, rules, bool(callees))
        if found:
            believed[name, ()] = found
        if not found or found[0].outcome != "passed":
            broken[name] = [other for other in callees if not broken[other]]  # the others may be right with stand-ins
    repaired = {
        name: ask_with_stand_ins(name, callees, notebook, lesson, rules) for name, callees in broken.items() if callees
    }
    for name, run in together(repaired, worker).items():
        verdict = judge(repaired[name], run, lesson)
        if verdict.outcome == "passed":
            stand_ins = tuple(broken[name])
            believed[name, stand_ins] = replace(verdict, stand_ins=stand_ins), run.reached
    return Early(believed, frozenset(broken))


def ordinary_parts(notebook: Notebook, lesson: Lesson, rules: Rules) -> dict[str, Slice]:
    """The exercises that are there and ask for nothing but numbers."""
    parts = {name: slice_for(name, notebook.analysis) for name in lesson.exercises}
    return {
        name: part
        for name, part in parts.items()
        if not not_there(name, notebook, part, 0.0, rules) and is_ordinary(part.statements)
    }


def together(asked: dict[str, Asked], worker: Worker) -> dict[str, Run]:
    """The runs of several exercises in one process, as far as it got; one by itself is left to be run alone."""
    if len(asked) < 2:
        return {}
    runs: Sequence[Run | None] = worker.run_together([one.job for one in asked.values()])
    return {name: run for name, run in zip(asked, runs, strict=True) if run}


def verdict_of_early(tried: Tried, lesson: Lesson, rules: Rules, chained: bool) -> Found | None:
    """The verdict of an early run, if nothing that another exercise left behind can have made it.

    Such a run passes, or gives on all questions the answers of one known mistake; with `chained`, after the failure of
    one that it calls, only the first counts.
    """
    if tried.verdict.outcome == "passed":
        return named(tried, lesson, rules)
    if chained or any(answer.error is not None for answer in tried.run.answers):
        return None
    found = named(tried, lesson, rules)
    return found if found[0].misconception else None
