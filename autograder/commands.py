"""What the commands do, with progress and tables for a person at a terminal."""

from __future__ import annotations

import logging
import platform
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from autograder.crew.means import Means
from autograder.errors import CourseError
from autograder.matrix import Row, matrix_summary, matrix_table, named_share, reasons
from autograder.read.files import printable
from autograder.records import Bar, Verdict
from autograder.root import CourseRoot, open_root
from autograder.run import isolation
from autograder.tables import bars_table, class_table, doctor_table

if TYPE_CHECKING:
    from autograder.calibrate.bars import Plan

log = logging.getLogger(__name__)


class UsageError(CourseError):
    """A command was asked for something that is not there."""


def progress_bar(console: Console) -> Progress:
    """The one look of progress in this program."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console)


def grade_command(
    console: Console,
    path: Path,
    assignment: str,
    students: list[str],
    means: Means,
    force: bool = False,
    verdicts_only: bool = False,
) -> dict[str, Verdict]:
    """Grade the named students, or all, into verdicts and, unless verdicts_only, the gradebook."""
    root = open_root(path)
    if not root.source(assignment).is_file():
        raise UsageError(f"Expected an assignment in {root.path / 'source'}. Received: {assignment}.")
    known = root.students(assignment)
    unknown = [name for name in students if name not in known]
    if unknown or not known:
        found, missing = (", ".join(map(printable, names)) for names in (known, unknown))
        raise UsageError(
            f"Expected submissions in submitted/STUDENT/{assignment}/. Found: {found or 'nobody'}. Missing: {missing}"
        )
    from autograder.grade.classroom import grade_class
    from autograder.gradebook.book import open_book
    from autograder.plain.blueprint import blueprint_of

    if root.is_plain(assignment):
        blueprint_of(root, assignment)  # imports nbgrader before the gradebook's thread does the same

    chosen = students or known
    with progress_bar(console) as progress, ExitStack() as stack:
        task = progress.add_task("grading", total=len(chosen))

        def one_more() -> None:
            progress.advance(task)

        book = None if verdicts_only else stack.enter_context(open_book(root, assignment, one_more))

        def report(student: str, verdict: Verdict) -> None:
            if book:
                book.save(student)
            else:
                one_more()

        verdicts = grade_class(root, assignment, chosen, means, force=force, report=report)
    if book:
        show_class(console, root, assignment, verdicts)
        book.tell()
    return verdicts


def show_class(console: Console, root: CourseRoot, assignment: str, verdicts: dict[str, Verdict]) -> None:
    """Print the class table and where everything lies; a terminal that cannot show them stops nothing that follows."""
    places = f"Verdicts: {root.path / 'verdicts' / assignment}. Gradebook: {root.path / 'gradebook.db'}."
    try:
        console.print(class_table(verdicts))
        console.print(places, highlight=False)
    except (Exception, SystemExit) as error:  # rich ends the program where nobody reads what it prints
        log.error("The class was graded, but its table cannot be shown here: %r. %s", error, places)


def verify_command(console: Console, assignment: str | None, means: Means) -> tuple[list[Row], bool]:
    """Print the matrix of one lesson or all; the rows, and whether all is fine."""
    from autograder.build.instructor import lesson_trained
    from autograder.gaps import gaps_of
    from autograder.lessons import known_lessons, read_bars, solution_folder
    from autograder.verify import verify

    rows, fine = [], True
    for name in [assignment] if assignment else known_lessons():
        gaps = gaps_of(name)
        for gap in gaps:
            console.print(f"{name}: {gap}", style="red", highlight=False, markup=False)
        if gaps:
            console.print(f"{name} was not run: mend this first.", highlight=False)
            fine = False
            continue

        def report(row: Row) -> None:
            named = f", named {row.named}" if row.named else ""
            console.print(f"{row.exercise}.{row.id}: {row.outcome}{named}", style="dim", highlight=False, markup=False)

        with console.status(f"verifying {name}"):
            found = verify(name, means, report)
        console.print(matrix_table(name, found))
        for reason in reasons(found):
            console.print(reason, highlight=False, markup=False)
        console.print(matrix_summary(found))
        if lesson_trained(name) and not read_bars(solution_folder(name)):
            console.print(f"No bar for its trained item yet: autograder calibrate {name}. Until then a person decides.")
        rows += found
        fine = fine and all(row.fine for row in found) and named_share(found) >= 0.9
    return rows, fine


def calibrate_command(console: Console, assignment: str | None, plan: Plan) -> list[Bar]:
    """Calibrate the trained item of one lesson, or of all that have one; the bars that were written."""
    from autograder.build.instructor import lesson_points, lesson_trained
    from autograder.calibrate.bars import calibrate
    from autograder.judge.bars import items_of
    from autograder.lessons import known_lessons, load_lesson, solution_folder

    bars = []
    for name in [assignment] if assignment else [name for name in known_lessons() if lesson_trained(name)]:
        lesson = load_lesson(name, lesson_points(name))
        if lesson.trained is None:
            raise UsageError(f"Expected a lesson with a trained item. Received: {name}, which has none.")

        def report(what: str, seed: int, accuracy: float) -> None:
            console.print(f"{what}, seed {seed}: {accuracy:.4f}", highlight=False)

        for item in items_of(lesson.trained):
            with console.status(f"training {item.name}"):
                bars.append(calibrate(replace(lesson, trained=item), plan, solution_folder(name), report=report))
            console.print(bars_table(bars[-1:]))
    return bars


def doctor_command(console: Console, mode: isolation.Mode) -> tuple[dict[str, Any], bool]:
    """Print this machine's layers and what they hold against; the same as data, and whether all is fine."""
    from autograder.doctor.examine import examine

    console.print(f"Machine: {platform.system()} {platform.release()}, {platform.machine()}.", highlight=False)
    for one in isolation.missing():
        console.print(f"Missing: {one.layer}: {one.reason}.", highlight=False)
    try:
        layers = isolation.choose(mode=mode)
    except isolation.NotIsolated:
        console.print(f"[bold red]Student code will not be run here.[/] {isolation.HELP}", highlight=False)
        return {"layers": [], "missing": list(map(asdict, isolation.missing())), "findings": []}, False
    found = "namespaces" if "namespaces" in layers else "fallback without namespaces"
    console.print(f"Mode: {found}. Layers: {', '.join(layers)}.", highlight=False)
    with console.status("attacking the sandbox"):
        findings = examine(layers)
    console.print(doctor_table(findings))
    content = {"layers": list(layers), "missing": list(map(asdict, isolation.missing()))}
    return {**content, "findings": list(map(asdict, findings))}, all(found.holds for found in findings)
