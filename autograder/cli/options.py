"""What all commands share: the program, where it prints, and options that several have."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from autograder.crew.means import Means
from autograder.crew.nursery import open_nursery
from autograder.run.isolation import Mode

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Builds lessons into graded notebooks, grades a class in parallel, and names the mistakes it knows.",
)
console = Console(width=None if sys.stdout.isatty() else 120)
errors = Console(stderr=True)

Root = Annotated[Path, typer.Option(help="The course's folder, made by `autograder init`.")]
Workers = Annotated[int, typer.Option(min=0, help="Sandboxes side by side; 0: one for each core.")]
Trust = Annotated[
    bool,
    typer.Option(
        "--trust-students", help="Run without isolation where this machine has none. Only for trusted students."
    ),
]
Scheduler = Annotated[
    str | None,
    typer.Option(help="Scheduler of a Dask cluster to use instead, e.g. tls://grading.example.edu:8786."),
]
Isolation = Annotated[
    Mode, typer.Option(help="auto: the strongest here; fallback: Landlock and seccomp alone, without namespaces.")
]
Json = Annotated[Path | None, typer.Option("--json", help="Also write the result as JSON to this file.")]

BANNER = (
    "[bold white on red] NO ISOLATION [/] Student code runs with your rights. You said that the students are trusted."
)


def means_for(workers: int, scheduler: str | None, mode: Mode, trusted: bool) -> Means:
    """What the options ask for. On this machine, missing isolation is said at once, before anything is started."""
    from autograder.run import isolation

    means = Means(workers, scheduler, mode, trusted)
    if not scheduler and isolation.choose(trusted, mode) == isolation.TRUSTED:
        errors.print(BANNER)
    return means


def begin_workers(means: Means, root: Path) -> None:
    """Start what this machine's workers will be forked from, before anything that takes time."""
    from autograder.run.isolation import choose

    if not means.scheduler:
        open_nursery([root], choose(means.trusted, means.mode))


def write_json(path: Path | None, content: Any) -> None:
    """Write a result as JSON, if a file was named."""
    if path:
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        path.write_bytes(text.encode(errors="backslashreplace"))  # a folder's name may be any bytes
