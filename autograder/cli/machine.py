"""Commands that show what this machine does: the demo, and attacks on its own sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import Isolation, Json, Workers, app, console, write_json
from autograder.run.isolation import Mode


@app.command()
def demo(
    root: Annotated[
        Path | None, typer.Option(help="Where to make the demo's course; a temporary folder by default.")
    ] = None,
    workers: Workers = 0,
    every_lesson: Annotated[bool, typer.Option("--all", help="All lessons in place of the first alone.")] = False,
) -> None:
    """Run the main job on a simulated class, from the built release to gradebook, feedback and report. Exit code 1:
    somebody got other points than expected."""
    from autograder.demo.run import run_demo

    if not run_demo(console, root, workers, every_lesson):
        raise typer.Exit(1)


@app.command()
def doctor(isolation: Isolation = Mode.AUTO, json_file: Json = None) -> None:
    """Attack this machine's sandbox and print what holds. Exit code 1: something got through, or there is none."""
    from autograder.commands import doctor_command

    content, fine = doctor_command(console, isolation)
    write_json(json_file, content)
    if not fine:
        raise typer.Exit(1)
