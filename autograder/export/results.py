"""A submission's scores and messages as Gradescope's results.json.

The format: https://gradescope-autograders.readthedocs.io/en/latest/specs/
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from autograder.grade.verdict import parts_of, read_verdict
from autograder.records import ExerciseVerdict


def results_of(submission: Any, root: Path) -> dict[str, Any]:
    """The results of one submission.

    Args:
        submission: nbgrader's, from an open gradebook. Its scores count, hand-given ones among them.
        root: the course's folder, whose verdict gives the messages.
    """
    name, student = submission.assignment.name, submission.student.id
    verdict = read_verdict(root / "verdicts" / name / f"{student}.json")
    tests, comments = [], comments_of(submission)
    for notebook in submission.notebooks:
        for grade in sorted(notebook.grades, key=lambda grade: str(grade.name)):
            exercise = str(grade.name).removeprefix("check_")
            found = parts_of(verdict).get(exercise) if verdict else None
            tests.append(test_of(exercise, grade, found, comments.get(exercise, "")))
    penalty = float(submission.late_submission_penalty or 0.0)
    output = [f"{penalty:g} points were taken off for lateness."] if penalty else []
    if submission.needs_manual_grade:
        output.append("A person has still to look at some answers.")
    score = max(0.0, float(submission.score) - penalty)
    return {"score": score, "output": " ".join(output), "visibility": "visible", "tests": tests}


def test_of(name: str, grade: Any, found: ExerciseVerdict | None, comment: str) -> dict[str, Any]:
    """One graded cell, with the comment that a person wrote on it."""
    score, most = float(grade.score), float(grade.max_score)
    cases = found.cases if found else ()
    lines = [f"{'✓' if case.passed else '✗'} {case.name}: {case.message}".rstrip(": ") for case in cases]
    if found and found.hint:
        lines.append(f"Hint: {found.hint}")
    lines += [comment] if comment else []
    return {
        "name": name,
        "score": score,
        "max_score": most,
        "status": "passed" if score >= most else "failed",
        "output": "\n".join(lines),
        "output_format": "text",
        "visibility": "visible",
    }


def comments_of(submission: Any) -> dict[str, str]:
    """Exercise or question to what a person wrote on it; without those on which nobody wrote."""
    found = {str(one.name): one.manual_comment for notebook in submission.notebooks for one in notebook.comments}
    return {name: str(comment) for name, comment in found.items() if comment}


def summary_of(submission: Any, root: Path) -> str:
    """Points and comments in Markdown, for the top of a notebook. Arguments as of `results_of`."""
    results = results_of(submission, root)
    tests = results["tests"]
    rows = [f"| `{test['name']}` | {test['score']:g} of {test['max_score']:g} |" for test in tests]
    parts = [
        f"## Feedback: {results['score']:g} of {sum(test['max_score'] for test in tests):g} points",
        results["output"],
        "\n".join(["| | Points |", "|---|---|", *rows]),
        *(f"**`{name}`** {comment}" for name, comment in sorted(comments_of(submission).items())),
    ]
    return "\n\n".join(part for part in parts if part)
