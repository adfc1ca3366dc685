"""Commands that grade a class and look at what came of it."""

from __future__ import annotations

import gc
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import (
    Isolation,
    Json,
    Root,
    Scheduler,
    Trust,
    Workers,
    app,
    begin_workers,
    console,
    errors,
    means_for,
    write_json,
)
from autograder.run.isolation import Mode

RARELY = 50_000
"""New objects before garbage is looked for while grading: most of what would be looked at are modules, which stay."""


@app.command()
def grade(
    assignment: Annotated[str, typer.Argument(help="e.g. 01_attention")],
    root: Root = Path("."),
    student: Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.")] = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    force: Annotated[bool, typer.Option("--force", help="Run unchanged submissions again.")] = False,
    isolation: Isolation = Mode.AUTO,
    trust_students: Trust = False,
    json_file: Json = None,
    verdicts_only: Annotated[bool, typer.Option("--verdicts-only", hidden=True)] = False,
) -> None:
    """Grade what lies in submitted/: verdicts, gradebook, a table. Unchanged work is not run again.

    Exit code 0: every submission has an outcome. 3: some could not be graded for reasons that are not the student's.
    2: wrong usage.
    """
    means = means_for(workers, scheduler, isolation, trust_students)
    begin_workers(means, root)
    gc.set_threshold(RARELY)
    from autograder.commands import grade_command
    from autograder.grade.verdict import has_infra_error

    verdicts = grade_command(console, root, assignment, student or [], means, force, verdicts_only)
    write_json(json_file, {name: asdict(verdict) for name, verdict in verdicts.items()})
    gc.freeze()  # the end of the program need not look through all its modules: half a second
    unlucky = [name for name, found in verdicts.items() if has_infra_error(found)]
    if unlucky:
        errors.print(
            f"Not graded, for reasons of ours: {', '.join(unlucky)}. Look at their verdicts, then grade again."
        )
        raise typer.Exit(3)


@app.command()
def report(
    assignment: Annotated[str, typer.Argument(help="e.g. 01_attention")],
    root: Root = Path("."),
    json_file: Json = None,
    out: Annotated[
        Path | None, typer.Option(help="The page to write; by default reports/ASSIGNMENT.html in the course.")
    ] = None,
) -> None:
    """Write the class report: what to talk about in class, as one page, and a table beside it."""
    from autograder.report.page import write_report
    from autograder.report.read import read_report
    from autograder.root import open_root

    course = open_root(root)
    found = read_report(course, assignment)
    page, table = write_report(found, course.settings.title, out or course.report(assignment))
    write_json(json_file, asdict(found))
    for topic in found.topics[:3]:
        about = f"{topic.exercise}: {topic.title}"
        console.print(f"{len(topic.students)} of {found.begun}", about, highlight=False, markup=False)
    console.print(f"The page: {page}. The table: {table}.", highlight=False, markup=False)


@app.command()
def explain(
    assignment: Annotated[str, typer.Argument(help="e.g. 01_attention")],
    student: Annotated[str, typer.Argument(help="As the student's folder in submitted/ is called.")],
    exercise: Annotated[str, typer.Argument(help="e.g. softmax_rows")],
    root: Root = Path("."),
    out: Annotated[
        Path | None,
        typer.Option(help="The notebook to write; by default appeals/ASSIGNMENT/STUDENT-EXERCISE.ipynb in the course."),
    ] = None,
    isolation: Isolation = Mode.AUTO,
    trust_students: Trust = False,
) -> None:
    """Print inputs, expected and got of each case of an appeal, and write a notebook that reproduces it."""
    from autograder.explain.command import explain_exercise

    means = means_for(0, None, isolation, trust_students)
    words, notebook = explain_exercise(root, assignment, student, exercise, means, out)
    typer.echo(words)
    typer.echo(f"The notebook that does it again: {notebook}" if notebook else "Nothing was run: there is no notebook.")
