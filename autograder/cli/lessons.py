"""Commands for who writes lessons: make, build, verify, calibrate."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from autograder.cli.options import Json, Scheduler, Trust, Workers, app, console, errors, means_for, write_json
from autograder.run.isolation import Mode


@app.command()
def new(
    lesson: Annotated[str, typer.Argument(help="Number and name of the new lesson, e.g. 12_my_topic")],
    exercise: Annotated[
        str, typer.Option(help="Name of its exercise: a function's, or a layer's.")
    ] = "weighted_average",
) -> None:
    """Make the files of a lesson, with one exercise that builds, verifies and grades as made."""
    from autograder.new.lesson import make_lesson

    made = make_lesson(lesson, exercise=exercise)
    for path in made:
        console.print(f"made: {path}", highlight=False, markup=False)
    console.print("Next, as CONTRIBUTING.md says under 'An exercise in an hour':", highlight=False)
    console.print(f"  autograder build {lesson} && autograder verify {lesson}", highlight=False)


@app.command()
def build(
    lessons: Annotated[list[str] | None, typer.Argument(help="Assignments; all by default.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; fail on stale files and name them.")] = False,
    whole: Annotated[
        bool, typer.Option("--whole", help="Build fixtures even where the record says that no source changed.")
    ] = False,
) -> None:
    """Build students' notebooks and fixtures in course/ from lesson.py and the reference."""
    from autograder.build import course
    from autograder.lessons import CHECKOUT

    found = course.check(lessons, whole) if check else course.build(lessons, whole)
    for path in found:
        console.print(f"{'stale' if check else 'built'}: {path.relative_to(CHECKOUT)}", highlight=False)
    if not found:
        console.print("Everything is up to date.")
    if check and found:
        errors.print("Run `autograder build` and commit what it writes.")
        raise typer.Exit(1)


@app.command()
def verify(
    assignment: Annotated[str | None, typer.Argument(help="e.g. 01_attention; all by default.")] = None,
    workers: Workers = 0,
    scheduler: Scheduler = None,
    trust_students: Trust = False,
    json_file: Json = None,
) -> None:
    """Run references and all known mistakes through the real engine: caught, named, accepted ones passed?"""
    from autograder.commands import verify_command

    rows, fine = verify_command(console, assignment, means_for(workers, scheduler, Mode.AUTO, trust_students))
    write_json(json_file, [asdict(row) for row in rows])
    if not fine:
        raise typer.Exit(1)


@app.command()
def calibrate(
    assignment: Annotated[
        str | None, typer.Argument(help="e.g. 02_multihead; all that have a trained item by default.")
    ] = None,
    budget: Annotated[str | None, typer.Option(help="e.g. cpu; the item's first by default.")] = None,
    dataset: Annotated[str | None, typer.Option(help="The first that is on this machine by default.")] = None,
    seeds: Annotated[int, typer.Option(min=5, help="Trainings of the reference and of the baseline.")] = 5,
    json_file: Json = None,
) -> None:
    """Train a lesson's reference and a baseline over several seeds, and write the bars that turn accuracy into points.

    Each result is kept in .calibration/ as it ends: a call that was stopped, or asks for more seeds, goes on there.
    Commit the bars.json that it writes.
    """
    from autograder.calibrate.bars import Plan
    from autograder.commands import calibrate_command

    bars = calibrate_command(console, assignment, Plan(budget, dataset, seeds))
    write_json(json_file, [asdict(bar) for bar in bars])
