"""What is computed from runs of whole classes: speed against stock, one more submission, growth."""

from __future__ import annotations

import statistics
from typing import Any

from hand_ins import ASSIGNMENT, full_and_half
from memory import COUNTED, Memory
from runs import BARE_SIDE, STOCK_SIDE, Bench, Graded, ours

from autograder.build.instructor import lesson_points

LINEAR_WITHIN = 0.1


def against_stock(bench: Bench, count: int, rounds: int) -> dict[str, Any]:
    """Medians of stock and of ours with one and two workers, in turns, on the same submissions."""
    sides = [STOCK_SIDE, BARE_SIDE, ours(1), ours(2)]
    taken: dict[str, list[float]] = {side: [] for side in sides}
    for side in sides:
        bench.warm_up(side)
    for round_number in range(rounds):
        for side in sides if round_number % 2 == 0 else sides[::-1]:
            taken[side].append(bench.grade("stock", side, count).timed.seconds)
    stock, bare, one, two = (statistics.median(taken[side]) for side in sides)
    return {
        "stock_seconds": stock,
        "stock_seconds_without_demos": bare,
        "seconds_1_worker": one,
        "seconds_2_workers": two,
        "speedup_1_worker": stock / one,
        "speedup_2_workers": stock / two,
        "speedup_1_worker_without_demos": bare / one,
        "speedup_2_workers_without_demos": bare / two,
    }


def one_more_submission(bench: Bench, count: int, rounds: int, isolation_ms: float | None) -> dict[str, Any]:
    """What a further submission costs at one worker beyond the student's own processes; medians over rounds.

    Args:
        bench: where to run.
        count: of submissions; compared with half of them, which are the same mix.
        rounds: pairs of runs.
        isolation_ms: of a job, if it was measured.
    """
    found = []
    for round_number in range(rounds):
        sizes = (count, count // 2) if round_number % 2 == 0 else (count // 2, count)
        pair = {size: bench.grade("marginal", ours(1), size) for size in sizes}
        found.append(difference(pair[count], pair[count // 2]))
    result = {name: statistics.median(one[name] for one in found) for name in found[0]}
    if isolation_ms is not None:
        result["marginal_isolation_seconds"] = result["marginal_jobs"] * isolation_ms / 1000
        known = result["marginal_isolation_seconds"] + result["marginal_after_last_verdict_seconds"]
        result["marginal_rest_seconds"] = result["marginal_seconds"] - known
    return result


def difference(large: Graded, small: Graded) -> dict[str, float]:
    """The two runs' difference, for each submission that only the large class has."""
    further = [verdict for student, verdict in large.verdicts.items() if student not in small.verdicts]
    exercises = [exercise for verdict in further for exercise in verdict["exercises"].values()]
    wall = (large.timed.seconds - small.timed.seconds) / len(further)
    student = sum(exercise["seconds"] for exercise in exercises) / len(further)
    ran = [exercise for exercise in exercises if exercise["seconds"] > 0]
    return {
        "marginal_seconds": wall - student,
        "marginal_wall_seconds": wall,
        "marginal_student_seconds": student,
        "marginal_cpu_seconds": (large.timed.cpu_seconds - small.timed.cpu_seconds) / len(further),
        "marginal_after_last_verdict_seconds": (large.after_last_verdict - small.after_last_verdict) / len(further),
        # with stand-ins an exercise ran twice; where that did not help, its second run cannot be seen from outside
        "marginal_jobs": sum(1 + bool(exercise["stand_ins"]) for exercise in ran) / len(further),
    }


def growth(bench: Bench, sizes: list[int], workers: int) -> dict[str, Any]:
    """Wall time and peak memory of classes of several sizes, each checked in the gradebook.

    Linear means: without the seconds of a class of one (the start-up), seconds per submission at no two sizes differ
    by more than 10 %.
    """
    side, rows = ours(workers), []
    start = bench.grade("scaling", side, 1).timed.seconds
    for size in sorted(sizes):
        memory = Memory()
        graded = bench.grade("scaling", side, size, memory)
        rows.append(
            {
                "submissions": size,
                "seconds": graded.timed.seconds,
                "seconds_per_submission": graded.timed.seconds / size,
                "seconds_per_submission_without_start": (graded.timed.seconds - start) / (size - 1),
                "peak_mb": memory.peak_bytes / 2**20,
                "processes": memory.processes,
                **right_scores(graded, size),
            }
        )
    net = [row["seconds_per_submission_without_start"] for row in rows]
    return {
        "scaling": rows,
        "scaling_workers": workers,
        "scaling_seconds_of_one": start,
        "scaling_linear": max(net) <= (1 + LINEAR_WITHIN) * min(net),
        "scaling_memory_counted": COUNTED,
    }


def right_scores(graded: Graded, size: int) -> dict[str, int]:
    """How many submissions the gradebook gives full marks, of how many that should have them.

    Raises:
        RuntimeError: the numbers differ.
    """
    full, _ = full_and_half(lesson_points(ASSIGNMENT))
    got = sum(score == full for score in graded.scores.values())
    expected = sum(student.endswith("-right") for student in graded.verdicts)
    if got != expected or len(graded.scores) != size:
        raise RuntimeError(
            f"Expected {expected} full scores of {size} in the gradebook. Found {got} of {len(graded.scores)}."
        )
    return {"full_scores": got, "full_scores_expected": expected}
