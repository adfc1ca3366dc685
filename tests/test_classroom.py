"""A whole class on the real engine and nbgrader's gradebook, by every route."""

import html
import io
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from classroom import ASSIGNMENT, NOTEBOOK, SCRIPT, hand_in, hand_in_class, scores
from nbgrader.api import Gradebook
from rich.console import Console

from autograder.build.init import InitError, init_course
from autograder.commands import grade_command
from autograder.crew.means import Means
from autograder.grade.classroom import grade_class
from autograder.grade.parcel import grade_parcel, parcel_of
from autograder.grade.submission import grade_submission
from autograder.grade.verdict import read_verdict, write_verdict
from autograder.gradebook.steps import NotSaved, StepFailed, generate_assignment, generate_feedback, save_scores
from autograder.lessons import CHECKOUT
from autograder.read.notebook import Submission
from autograder.root import open_root
from autograder.run import isolation

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def graded(course):
    """(root, expected points, verdicts) after `autograder grade`."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    expected = hand_in_class(course)
    verdicts = grade_command(Console(file=io.StringIO()), course.path, ASSIGNMENT, [], Means())
    return course, expected, verdicts


def nbgrader(root, *arguments):
    """Run nbgrader's own command in the course."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=root.path, env=environment, capture_output=True, text=True, check=False)


def test_every_submission_has_an_outcome_for_every_exercise(graded):
    _, expected, verdicts = graded
    assert set(verdicts) == set(expected)
    assert {len(verdict.exercises) for verdict in verdicts.values()} == {6}
    assert not any(
        part.outcome == "infra_error" for verdict in verdicts.values() for part in verdict.exercises.values()
    )


def test_everybody_gets_the_points_of_the_right_part_of_their_work(graded):
    _, expected, verdicts = graded
    surprises = {
        name: (points, verdicts[name].points)
        for name, points in expected.items()
        if points is not None and verdicts[name].points != points
    }
    assert surprises == {}


@pytest.mark.parametrize(
    "name",
    ["display-hook", "input-transformer", "equal-to-everything", "reads-the-disk", "leaves-early"],
)
def test_a_cheat_gets_the_points_of_its_honest_part_and_nothing_more(graded, name):
    parts = graded[2][f"cheat-{name}"].exercises
    assert {exercise: part.points for exercise, part in parts.items() if part.points} == {"attention_scores": 15.0}


def test_a_mistaken_student_reads_the_hint_of_each_mistake(graded):
    parts = graded[2]["mistakes-01"].exercises
    assert [parts[name].misconception for name in parts if name != "figure"] == [
        "attention_scores.no_scale",
        "softmax_rows.overflows",
        "masked_scores.inverted_mask",
        "scaled_dot_product_attention.no_scale",
        "SelfAttention.no_scale",
    ]
    assert all(parts[name].hint for name in parts if name != "figure")


def test_an_earlier_mistake_is_not_counted_again(graded):
    parts = graded[2]["exception"].exercises
    assert parts["attention_scores"].outcome == "failed"
    assert parts["scaled_dot_product_attention"].stand_ins == ("attention_scores",)
    assert parts["scaled_dot_product_attention"].points == 25


@pytest.mark.parametrize(
    ("name", "outcome", "words"),
    [
        ("broken-json", "refused", "save it again"),
        ("latin-1", "refused", "UTF-8"),
        ("linked", "refused", "link"),
        ("foreign", "missing", "02_multihead"),
        ("no-notebook", "missing", "essay.txt"),
        ("empty", "missing", "01_attention.ipynb"),
    ],
)
def test_work_that_cannot_be_read_is_told_what_to_do(graded, name, outcome, words):
    part = graded[2][name].exercises["attention_scores"]
    assert part.outcome == outcome
    assert words in part.cases[0].message


@pytest.mark.parametrize(
    ("name", "flag"),
    [
        ("copied-cell", "copied cell: masked_scores"),
        ("two-notebooks", "ignored: 01_attention-Copy1.ipynb"),
        ("renamed", "renamed: 01_attention (1).ipynb"),
        ("as-text", "not a code cell any more: softmax_rows"),
    ],
)
def test_what_a_person_may_want_to_see_is_flagged(graded, name, flag):
    assert flag in graded[2][name].flags


@pytest.mark.parametrize(
    ("name", "words"),
    [("returns-none", "got None"), ("returns-text", "scores"), ("returns-nan", "nan"), ("endless-loop", "20 s")],
)
def test_a_wrong_return_is_told_in_words(graded, name, words):
    assert any(words in case.message for case in graded[2][name].exercises["attention_scores"].cases)


def test_gradebook_scores_equal_the_verdicts_cell_by_cell(graded):
    root, _, verdicts = graded
    found = {key: score[0] for key, score in scores(root).items() if key[1].startswith("check_")}
    wanted = {
        (student, f"check_{name}"): part.points
        for student, verdict in verdicts.items()
        for name, part in verdict.exercises.items()
    }
    assert found == wanted


def test_a_kept_verdict_reads_back_as_it_was(graded):
    root, _, verdicts = graded
    assert read_verdict(root.verdict(ASSIGNMENT, "mistakes-02")) == verdicts["mistakes-02"]


def test_unchanged_work_is_not_run_again(graded, monkeypatch):
    root, _, verdicts = graded
    monkeypatch.setattr("autograder.grade.classroom.crew", lambda *_: pytest.fail("something was run"))
    assert grade_class(root, ASSIGNMENT, ["magics", "empty"], Means(workers=1)) == {
        name: verdicts[name] for name in ("magics", "empty")
    }


def test_nbgraders_own_command_ends_with_the_same_scores(graded):
    root, _, _ = graded
    before = scores(root)
    done = nbgrader(root, "autograde", ASSIGNMENT, "--force")
    assert done.returncode == 0, done.stderr[-2000:]
    assert scores(root) == before


def test_nbgraders_own_command_grades_what_has_no_verdict_yet(graded):
    root, _, _ = graded
    before = scores(root)
    for name in ("mistakes-01", "cheat-display-hook", "empty"):
        root.verdict(ASSIGNMENT, name).unlink()
    assert nbgrader(root, "autograde", ASSIGNMENT, "--force").returncode == 0
    assert scores(root) == before


def test_the_formgraders_route_ends_with_the_same_scores(graded):
    root, _, _ = graded
    before = scores(root)
    save_scores(root, ASSIGNMENT, ["mistakes-03", "broken-json"])
    assert scores(root) == before


def test_a_manual_score_survives_a_regrade(graded):
    root, _, _ = graded
    with Gradebook(f"sqlite:///{root.path / 'gradebook.db'}") as gradebook:
        gradebook.find_grade("question_1", ASSIGNMENT, ASSIGNMENT, "magics").manual_score = 4
        gradebook.find_grade("check_figure", ASSIGNMENT, ASSIGNMENT, "magics").manual_score = 7
        gradebook.db.commit()
    save_scores(root, ASSIGNMENT, ["magics"])
    found = scores(root)
    assert found["magics", "question_1"][1] == 4
    assert found["magics", "check_figure"][:2] == (10.0, 7)


def test_a_new_submission_without_a_cell_does_not_keep_the_old_score(graded):
    root, _, _ = graded
    content = (root.submission(ASSIGNMENT, "right-as-reference") / NOTEBOOK).read_bytes()
    hand_in(root, "again", content)
    grade_command(Console(file=io.StringIO()), root.path, ASSIGNMENT, ["again"], Means(workers=1))
    assert scores(root)["again", "check_masked_scores"][0] == 15
    hand_in(root, "again", (root.submission(ASSIGNMENT, "deleted-cell") / NOTEBOOK).read_bytes())
    grade_command(Console(file=io.StringIO()), root.path, ASSIGNMENT, ["again"], Means(workers=1))
    assert scores(root)["again", "check_masked_scores"][0] == 0


def test_a_fault_of_ours_keeps_the_earlier_score_and_asks_for_a_person(graded):
    root, _, verdicts = graded
    parts = verdicts["noise-on-stderr"].exercises
    broken = replace(parts["figure"], outcome="infra_error", points=0.0)
    write_verdict(
        root.verdict(ASSIGNMENT, "noise-on-stderr"),
        replace(verdicts["noise-on-stderr"], exercises={**parts, "figure": broken}),
    )
    save_scores(root, ASSIGNMENT, ["noise-on-stderr"])
    assert scores(root)["noise-on-stderr", "check_figure"] == (10.0, None, True)


def test_a_fault_in_the_grader_itself_costs_nobody_else(course, lesson, worker, monkeypatch):
    names = ("unlucky", "after-it")
    submissions = [Submission(name, ASSIGNMENT, problem="nothing was handed in") for name in names]

    def faulty(submission, *rest):
        if submission.student == "unlucky":
            raise ZeroDivisionError
        return grade_submission(submission, *rest)

    monkeypatch.setattr("autograder.grade.parcel.grade_submission", faulty)
    parcels = [parcel_of(submission, course.rules(ASSIGNMENT), None) for submission in submissions]
    found = [grade_parcel(worker, lesson, parcel).verdict for parcel in parcels]
    outcomes = [{part.outcome for part in verdict.exercises.values()} for verdict in found]
    assert outcomes == [{"infra_error"}, {"missing"}]


def test_no_file_beside_the_notebook_reaches_the_autograded_folder(graded):
    root, _, _ = graded
    names = {path.name for path in (root.path / "autograded").rglob("*") if path.is_file()}
    assert names == {NOTEBOOK}


@pytest.fixture(scope="module")
def feedback(graded):
    """A function from a student to their feedback page."""
    root, _, _ = graded
    generate_feedback(root, ASSIGNMENT)
    return lambda name: (root.path / "feedback" / name / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


def test_feedback_holds_points_first_difference_and_hint(graded, feedback):
    verdicts, page = graded[2], html.unescape(feedback("mistakes-01"))
    part = verdicts["mistakes-01"].exercises["masked_scores"]
    assert part.hint in page
    assert next(case.message for case in part.cases if case.message) in page
    assert f"{part.points:g} of 15" in page


def test_nothing_of_a_students_runs_in_the_feedback_page(feedback):
    page = feedback("scripts")
    assert SCRIPT not in page
    assert "<img src=x" not in page
    assert "<svg>" not in page
    assert 'href="javascript' not in page


def test_a_plain_nbgrader_notebook_that_was_not_released_is_refused_instead_of_getting_full_marks(graded):
    root, _, _ = graded
    content = json.loads(root.source(ASSIGNMENT).read_text(encoding="utf-8"))
    del content["metadata"]["vitlab"]
    for folder in (root.path / "source" / "plain", root.path / "submitted" / "ann" / "plain"):
        folder.mkdir(parents=True)
        (folder / "plain.ipynb").write_text(json.dumps(content), encoding="utf-8")
    done = nbgrader(root, "autograde", "plain")
    assert done.returncode != 0
    assert "Run `nbgrader generate_assignment plain` first" in done.stderr


def test_grading_before_the_release_says_which_command_is_missing(tmp_path):
    init_course(tmp_path / "course")
    root = open_root(tmp_path / "course")
    hand_in(root, "ann", b"{}")
    with pytest.raises(Exception, match="generate_assignment 01_attention"):
        grade_class(root, ASSIGNMENT, ["ann"], Means(workers=1))


def test_a_release_is_what_the_checkout_holds_cell_by_cell(course):
    released = json.loads(course.release(ASSIGNMENT).read_text(encoding="utf-8"))
    committed = json.loads((CHECKOUT / "course" / ASSIGNMENT / NOTEBOOK).read_text(encoding="utf-8"))
    assert released["cells"] == committed["cells"]
    assert released["metadata"]["vitlab"] == committed["metadata"]["vitlab"]


def test_a_release_holds_the_wheel_and_no_secret(course):
    folder = course.release(ASSIGNMENT).parent
    assert {path.suffix for path in folder.iterdir()} == {".ipynb", ".whl"}
    assert course.secret not in course.release(ASSIGNMENT).read_text(encoding="utf-8")


def test_the_secret_seed_is_for_its_owner_only_and_differs_between_courses(course, tmp_path):
    assert (course.path / "secret_seed").stat().st_mode & 0o777 == 0o600
    init_course(tmp_path / "other")
    assert open_root(tmp_path / "other").secret != course.secret


def test_a_course_is_never_made_over_something_else(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(InitError, match="empty or new folder"):
        init_course(tmp_path)


def test_a_gradebook_is_made_without_the_environment_on_the_path(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    init_course(tmp_path / "course")
    assert (tmp_path / "course" / "gradebook.db").is_file()


def test_a_step_of_nbgraders_that_fails_tells_why(course):
    with pytest.raises(StepFailed, match="generate_assignment"):
        generate_assignment(course, "12_nothing")


@pytest.mark.parametrize("leak", ["secret", "solution"])
def test_a_release_that_would_hold_the_secret_or_an_answer_is_not_made(tmp_path, leak):
    init_course(tmp_path / "course")
    root = open_root(tmp_path / "course")
    content = json.loads(root.source(ASSIGNMENT).read_text(encoding="utf-8"))
    line = (
        root.secret if leak == "secret" else "    return exponentials / ops.sum(exponentials, axis=axis, keepdims=True)"
    )
    content["cells"][3]["source"] = f"A careless remark:\n{line}\n"
    root.source(ASSIGNMENT).write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(StepFailed, match="Leak"):
        generate_assignment(root, ASSIGNMENT)
    assert not root.release(ASSIGNMENT).exists()


def test_every_graded_cell_shows_its_points_as_a_float_that_nbgrader_reads(graded):
    root, _, verdicts = graded
    for name in ("mistakes-02", "many-cells", "latin-1"):
        path = root.path / "autograded" / name / ASSIGNMENT / NOTEBOOK
        cells = [
            cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["metadata"].get("nbgrader")
        ]
        shown = {
            cell["metadata"]["nbgrader"]["grade_id"]: float("".join(cell["outputs"][0]["data"]["text/plain"]))
            for cell in cells
            if cell["metadata"]["nbgrader"]["grade"] and not cell["metadata"]["nbgrader"]["solution"]
        }
        assert shown == {f"check_{key}": part.points for key, part in verdicts[name].exercises.items()}


def test_four_processes_may_open_the_new_gradebook_at_once(tmp_path):
    init_course(tmp_path / "course")
    address = f"sqlite:///{tmp_path / 'course' / 'gradebook.db'}"
    code = f"from nbgrader.api import Gradebook\nwith Gradebook({address!r}, course_id='vitlab') as g:\n"
    code += "    print(len(g.students))"
    started = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(4)]
    assert [process.communicate()[0].strip() for process in started] == ["0"] * 4


def test_an_id_that_nbgrader_cannot_hold_stops_nobody_after_it(graded):
    root, _, _ = graded
    content = (root.submission(ASSIGNMENT, "untouched") / NOTEBOOK).read_bytes()
    for name in (" leading", "zoe"):
        hand_in(root, name, content)
    with pytest.raises(NotSaved, match="' leading'"):
        grade_command(Console(file=io.StringIO()), root.path, ASSIGNMENT, [" leading", "zoe"], Means(workers=1))
    assert scores(root)["zoe", "check_figure"][0] == 0
    shutil.rmtree(root.path / "submitted" / " leading")


def test_a_folder_that_is_a_link_or_a_file_is_refused_and_not_followed(graded):
    root, _, _ = graded
    (root.path / "submitted" / "copycat").mkdir()
    root.submission(ASSIGNMENT, "copycat").symlink_to(root.submission(ASSIGNMENT, "right-as-reference"))
    (root.path / "submitted" / "flat").mkdir()
    root.submission(ASSIGNMENT, "flat").write_text("my essay")
    found = grade_class(root, ASSIGNMENT, ["copycat", "flat"], Means(workers=1))
    assert [found[name].points for name in ("copycat", "flat")] == [0, 0]
    assert "link" in found["copycat"].exercises["figure"].cases[0].message
    for name in ("copycat", "flat"):
        shutil.rmtree(root.path / "submitted" / name)


def test_a_timestamp_beyond_all_time_is_no_obstacle(graded):
    root, _, _ = graded
    hand_in(root, "bad-time", b"1" * 40, "timestamp.txt")
    save_scores(root, ASSIGNMENT, ["bad-time"])
    assert scores(root)["bad-time", "check_figure"][0] == 10
