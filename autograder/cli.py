"""The command line. Imports what a command needs inside it, so that --help is instant."""

from __future__ import annotations

import gc
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from autograder.crew.means import Means
from autograder.crew.nursery import open_nursery
from autograder.errors import CourseError
from autograder.run.isolation import Mode

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Builds lessons into graded notebooks, grades a class in parallel, and names each mistake.",
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
Isolation = Annotated[Mode, typer.Option(help="fallback: Landlock and seccomp alone, without namespaces.")]
Json = Annotated[Path | None, typer.Option("--json", help="Also write the result as JSON to this file.")]

RARELY = 50_000
"""New objects before garbage is looked for while grading: most of what would be looked at are modules, which stay."""

BANNER = (
    "[bold white on red] NO ISOLATION [/] Student code runs with your rights. You said that the students are trusted."
)


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
    through: Annotated[str, typer.Option(help="The last lesson that it holds, e.g. 04_vit.")],
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
    console.print(f"{len(files)} files up to {through} in {dest}. Next: commit and push that folder.", highlight=False)


@app.command()
def collect(
    archive: Annotated[Path, typer.Argument(help="The bulk download: a zip, or the folder it was unpacked to.")],
    assignment: Annotated[str, typer.Option(help="e.g. 01_attention")],
    format: Annotated[str, typer.Option(help="Of which system: canvas, moodle, gradescope or plain.")],
    root: Root = Path("."),
    roster: Annotated[
        Path | None,
        typer.Option(help="CSV with id, and system_id, name or email; by default roster.csv in the course."),
    ] = None,
    due: Annotated[
        str | None, typer.Option(help="e.g. 2026-03-02 23:59+09:00; by default the gradebook's due date.")
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


@app.command()
def doctor(isolation: Isolation = Mode.AUTO, json_file: Json = None) -> None:
    """Attack this machine's sandbox and print what holds. Exit code 1: something got through, or there is none."""
    from autograder.commands import doctor_command

    content, fine = doctor_command(console, isolation)
    write_json(json_file, content)
    if not fine:
        raise typer.Exit(1)


@app.command()
def demo(
    root: Annotated[
        Path | None, typer.Option(help="Where to make the demo's course; a temporary folder by default.")
    ] = None,
    workers: Workers = 0,
    every_lesson: Annotated[bool, typer.Option("--all", help="All lessons in place of the first alone.")] = False,
) -> None:
    """Run the main job on a simulated class, from the built release to gradebook, feedback and report."""
    from autograder.demo.run import run_demo

    run_demo(console, root, workers, every_lesson)


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
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    """Run a command; errors that a person can mend are told in words, with exit code 2."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # wrong shapes are students' business, told in their verdicts
    try:
        app()
    except CourseError as error:
        errors.print("[bold red]Stopped.[/]", escape(str(error)), highlight=False)
        raise SystemExit(error.exit_code) from None
