"""autograder demo: make a course, let a simulated class hand in, grade, and show where everything lies."""

from __future__ import annotations

import io
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text
from vitlab.trained import FOLDER, file_names

from autograder.build.init import init_course
from autograder.build.instructor import lesson_source
from autograder.build.lesson import read_lesson
from autograder.commands import grade_command, progress_bar
from autograder.crew.means import Means
from autograder.demo.students import Material, Student, simulated_class
from autograder.gradebook.steps import generate_assignment, generate_feedback
from autograder.lessons import CHECKOUT, known_lessons, load_lesson
from autograder.records import Verdict
from autograder.report.looks import reasons_for
from autograder.report.page import write_report
from autograder.report.read import read_report
from autograder.root import CourseRoot, open_root
from autograder.run import isolation
from autograder.verify_trained import hand_ins

BANNER = (
    "[bold white on red] NO ISOLATION [/] this machine has too few layers of isolation, so the demo's harmless "
    "submissions run with your rights and the harmful ones are left out. `autograder doctor` says what is missing."
)


def run_demo(console: Console, path: Path | None, workers: int, every_lesson: bool = False) -> bool:
    """The whole main job; returns whether all points are as expected.

    Args:
        console: where to print.
        path: a new or empty folder for the course; None for a temporary one.
        workers: sandboxes side by side; 0 for one a core.
        every_lesson: all lessons, one after the other, in place of the first alone.
    """
    began = time.monotonic()
    folder = path or Path(tempfile.mkdtemp(prefix="vitlab-demo-"))
    trusted = isolation.choose(trusted=True) == isolation.TRUSTED
    if trusted:
        console.print(BANNER)
    init_course(folder)
    root = open_root(folder)
    as_expected = True
    for assignment in known_lessons() if every_lesson else known_lessons()[:1]:
        console.rule(f"{assignment}")
        generate_assignment(root, assignment)
        students = [one for one in simulated_class(material_of(root, assignment)) if not (trusted and one.harmful)]
        with console.status("The model that students hand in is trained, where the lesson asks for one ..."):
            files = trained_files(root, assignment)
        hand_in(root, assignment, students, files)
        console.print(f"{len(students)} simulated students handed in {assignment}.")
        verdicts = grade_command(console, folder, assignment, [], Means(workers, trusted=True))
        with progress_bar(console) as progress:
            task = progress.add_task("feedback", total=1)
            generate_feedback(root, assignment)
            progress.advance(task)
        write_report(read_report(root, assignment), root.settings.title, root.report(assignment))
        console.print(look_table(students, verdicts))
        as_expected &= tell_surprises(console, students, verdicts)
    tell_places(console, root, time.monotonic() - began)
    return as_expected


def material_of(root: CourseRoot, assignment: str) -> Material:
    """What the simulated class writes with."""
    cells = read_lesson(lesson_source(assignment), CHECKOUT / "solutions")
    points = root.points(assignment)
    lesson = load_lesson(assignment, points)
    return Material(
        assignment,
        root.load(root.release(assignment), ""),
        {cell.exercise: cell.source for cell in cells if cell.exercise},
        points,
        tuple(known.id for known in lesson.misconceptions if known.kind == "variant"),
    )


def trained_files(root: CourseRoot, assignment: str) -> dict[str, bytes]:
    """The files of the reference's trained model by name; none where the lesson asks for no training."""
    trained = load_lesson(assignment, root.points(assignment)).trained
    if trained is None:
        return {}
    with redirect_stdout(io.StringIO()):  # a line for each epoch
        _, files = next(hand_ins(trained))
    return dict(zip(file_names(trained.name), (files.weights or b"", files.arguments or b""), strict=True))


def hand_in(root: CourseRoot, assignment: str, students: list[Student], trained: dict[str, bytes]) -> None:
    """Put every submission where nbgrader's collect would.

    Args:
        root: the course.
        assignment: e.g. "01_attention".
        students: what they hand in.
        trained: files of a trained model, for those who trained one.
    """
    for student in students:
        folder = root.submission(assignment, student.name)
        folder.mkdir(parents=True)
        (folder / f"{assignment}.ipynb").write_bytes(student.content)
        for name, content in trained.items() if student.trained else ():
            (folder / FOLDER).mkdir(exist_ok=True)
            (folder / FOLDER / name).write_bytes(content)


def look_table(students: list[Student], verdicts: dict[str, Verdict]) -> Table:
    """Whom a teacher should look at, and why."""
    table = Table(title="Worth a look")
    for column in ("student", "what they did", "why"):
        table.add_column(column, overflow="fold")
    for student in students:
        reasons = reasons_for(verdicts[student.name])
        if reasons:
            table.add_row(student.name, Text(student.story), Text("; ".join(reasons)))
    return table


def tell_surprises(console: Console, students: list[Student], verdicts: dict[str, Verdict]) -> bool:
    """Compare the points with what each submission was made to earn; returns whether all are as expected."""
    wrong = [
        f"{student.name}: expected {student.points:g}, got {verdicts[student.name].points:g}"
        for student in students
        if student.points is not None and abs(verdicts[student.name].points - student.points) > 1e-6
    ]
    known = sum(student.points is not None for student in students)
    console.print(f"Points as expected: {known - len(wrong)} of {known}. {', '.join(wrong)}", highlight=False)
    return not wrong


def tell_places(console: Console, root: CourseRoot, seconds: float) -> None:
    """Where to look next."""
    path = root.path
    console.print(f"\n[bold]The demo's course lies in {path}[/] ({seconds:.0f} s)", highlight=False)
    for what, where in (
        ("gradebook", path / "gradebook.db"),
        ("verdicts", path / "verdicts"),
        ("class reports", path / "reports"),
        ("feedback pages", path / "feedback"),
        ("a page to open", next(iter(sorted((path / "feedback").glob("mistakes-01/*/*.html"))), path / "feedback")),
    ):
        console.print(f"  {what:15} {where}", highlight=False)
    lab = Path(sys.executable).parent / "jupyter-lab"
    console.print(f"  formgrader      cd {path} && {lab}     (menu Nbgrader, Formgrader)", highlight=False)
