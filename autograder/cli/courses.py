"""Commands around a course: make it, publish it, collect what students hand in, give feedback back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.cli.options import Json, Root, app, console, write_json


@app.command()
def init(
    root: Annotated[Path, typer.Argument(help="A new or empty folder; with --update, a course.")],
    update: Annotated[
        bool, typer.Option("--update", help="Bring a course up to this checkout: new lessons, new releases.")
    ] = False,
) -> None:
    """Make a course: instructor notebooks, nbgrader's settings, an empty gradebook and a secret seed.

    With --update, an existing course gets the lessons that are new or have changed. Work begun on an earlier release
    is still graded by that one.
    """
    from autograder.build.init import init_course, update_course

    if update:
        done = update_course(root)
        for assignment, what in done.items():
            console.print(f"{assignment}: {what}", highlight=False, markup=False)
            if "new" in what:
                console.print(f"  next: nbgrader generate_assignment {assignment} --force", highlight=False)
        if not done:
            console.print("Everything is up to date.")
        return
    assignments = init_course(root)
    console.print(f"A course with {', '.join(assignments)} in [bold]{root}[/]. Next, in that folder:", highlight=False)
    console.print(f"  nbgrader generate_assignment {assignments[0]}     # the release, in release/", highlight=False)
    console.print(f"  autograder grade {assignments[0]}                 # what lies in submitted/", highlight=False)


@app.command()
def publish(
    dest: Annotated[Path, typer.Argument(help="A new folder, a fresh clone, or one published before.")],
    through: Annotated[
        str, typer.Option(help="The last lesson that it holds, e.g. 04_vit; by default those released in course.toml.")
    ] = "",
    url: Annotated[str, typer.Option(help="Where it will lie; by default the url in course.toml.")] = "",
    root: Annotated[
        Path | None, typer.Option(help="The course whose releases to publish; else the checkout's.")
    ] = None,
) -> None:
    """Write the public course: released notebooks with Colab badges, syllabus, vitlab wheel. Push it yourself.

    Nothing of solutions or later lessons gets in, which is checked. Files that are not from an earlier publish are
    never touched.
    """
    from autograder.publish.contents import public_files
    from autograder.publish.folder import update
    from autograder.root import open_root

    course = open_root(root) if root else None
    files = public_files(through, url, course)
    done = update(dest, files, course)
    words = {"written": done.written, "removed": done.removed, "changed by hand, so kept": done.kept}
    for word, name in ((word, name) for word, names in words.items() for name in names):
        console.print(f"{word}: {name}", highlight=False, markup=False)
    console.print(
        f"{len(files)} files{f' up to {through}' if through else ''} in {dest}. Next: commit and push that folder.",
        highlight=False,
    )


@app.command()
def collect(
    archive: Annotated[Path, typer.Argument(help="The bulk download: a zip, or the folder it was unpacked to.")],
    assignment: Annotated[str, typer.Option(help="e.g. 01_attention")],
    format: Annotated[str, typer.Option(help="Of which system: canvas, moodle, gradescope or plain.")],
    root: Root = Path("."),
    roster: Annotated[
        Path | None,
        typer.Option(
            help="CSV with id and any of system_id, name, email, login, section, submitted_at; by default the course's "
            "roster.csv."
        ),
    ] = None,
    due: Annotated[
        str | None,
        typer.Option(help="e.g. 2026-03-02 23:59+09:00 (without a zone: UTC); by default the gradebook's due date."),
    ] = None,
    json_file: Json = None,
) -> None:
    """Bring a learning system's bulk download into submitted/. What is bad in it stops nothing else.

    Exit code 0: everybody in it was collected. 1: some files or people were refused; the table says why.
    2: wrong usage, or an archive that cannot be read at all.
    """
    from autograder.collect import collect as collecting
    from autograder.collect.people import introduce
    from autograder.collect.report import as_data, collected_table, summary
    from autograder.collect.roster import read_time
    from autograder.gradebook.steps import due_and_enrolled
    from autograder.root import open_root

    course = open_root(root)
    known, enrolled = due_and_enrolled(course, assignment)
    until = read_time(due) if due else known
    report = collecting.collect(course, archive, assignment, format, roster, until, enrolled)
    introduce(course, collecting.class_of(course, roster, until, enrolled).students)
    console.print(collected_table(report))
    console.print(summary(report), highlight=False)
    write_json(json_file, as_data(report))
    if report.refused or report.of("refused", "unknown") or any(row.refused for row in report.rows):
        raise typer.Exit(1)


@app.command("return")
def return_feedback(
    assignment: Annotated[str, typer.Argument(help="e.g. 01_attention")],
    format: Annotated[str, typer.Option(help="For which system: canvas, moodle, gradescope or plain.")],
    root: Root = Path("."),
    to: Annotated[Path | None, typer.Option(help="The zip; by default in returned/ of the course.")] = None,
) -> None:
    """Pack the feedback of `nbgrader generate_feedback` into a zip that the system uploads to its students."""
    from autograder.export.feedback import give_back
    from autograder.root import open_root

    done = give_back(open_root(root), assignment, format, to)
    console.print(f"Feedback for {len(done.students)} students: {done.path}", highlight=False, markup=False)
    if done.without:
        console.print(f"Without feedback: {', '.join(done.without)}", highlight=False, markup=False)
