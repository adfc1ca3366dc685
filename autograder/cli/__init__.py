"""The command line. Imports what a command needs inside it, so that --help is instant."""

from __future__ import annotations

import os

from rich.markup import escape

from autograder.cli import courses, grading, lessons, machine
from autograder.cli.options import app, errors
from autograder.errors import CourseError

COMMANDS = (courses, grading, lessons, machine)
"""Importing them registers their commands, in the order of --help."""


def main() -> None:
    """Run a command; errors that a person can mend are told in words, with exit code 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # wrong shapes are students' business, told in their verdicts
    try:
        app()
    except CourseError as error:
        errors.print("[bold red]Stopped.[/]", escape(str(error)), highlight=False)
        raise SystemExit(error.exit_code) from None
