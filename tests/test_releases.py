"""Work begun on an older release is graded by that one, on every path; what names no release of the class, by the
newest."""

import copy
import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from classroom import ASSIGNMENT, hand_in, scores

from autograder.build import init
from autograder.demo.run import material_of
from autograder.grade.classroom import grade_class
from autograder.grade.parcel import grade_parcel, parcel_of
from autograder.grade.rules import key_of
from autograder.grade.yardstick import Yardsticks
from autograder.lessons import CHECKOUT, fingerprint, kept_solutions, load_lesson, solutions_of
from autograder.records import TRAINED
from autograder.releases import AS_KEPT, BARS, Solutions, import_kept, is_mended, keep, read_kept
from autograder.root import RELEASED, open_root
from autograder.run import isolation
from autograder.simulate import as_bytes

SOURCES = ("autograder", "solutions", "course", "course.toml", "pyproject.toml")
LINE = "    return ops.matmul(q, ops.swapaxes(k, -2, -1)) * scale"
CHANGED = LINE + " + 1.0"
OLD = "0ld-re1ease"


def changed(solutions, *changes):
    """Solutions with some texts of their files replaced: (path, old, new), old "" for at the end."""
    files = {path: content.decode() for path, content in solutions.files}
    for path, old, new in changes:
        assert old in files[path]
        files[path] = files[path].replace(old, new) if old else files[path] + new
    return replace(solutions, files=tuple(sorted((path, text.encode()) for path, text in files.items())))


def of_release(notebook, release):
    """The notebook as if it had been begun on another release."""
    notebook = copy.deepcopy(notebook)
    notebook["metadata"]["vitlab"]["release_id"] = release
    return as_bytes(notebook)


# two releases in one process


@pytest.fixture(scope="module")
def today():
    """The checkout's solutions."""
    return solutions_of(ASSIGNMENT)


@pytest.fixture(scope="module")
def older(today):
    """Solutions in which a score is larger by one, and the shared modules differ too."""
    path = "attention/reference.py"
    return changed(today, (path, LINE, CHANGED), ("inputs.py", "", "\nOLDER = True\n"))


def test_kept_solutions_come_back_from_their_folder_as_they_were(older, tmp_path):
    keep(older, tmp_path / "kept")
    assert kept_solutions(ASSIGNMENT, tmp_path / "kept") == older
    assert kept_solutions(ASSIGNMENT, tmp_path / "none") is None


def test_solutions_kept_without_shared_modules_take_todays(today, older, tmp_path):
    keep(today, tmp_path / "kept")
    shutil.rmtree(tmp_path / "kept" / "shared")
    assert kept_solutions(ASSIGNMENT, tmp_path / "kept") == today


def test_a_release_that_was_changed_in_the_course_is_known(older, tmp_path):
    keep(older, tmp_path)
    assert not is_mended(older, tmp_path)
    edit(tmp_path / "reference.py", CHANGED, LINE)
    assert is_mended(read_kept(older.lesson, tmp_path, CHECKOUT / "solutions"), tmp_path)


def test_a_release_of_which_nothing_is_noted_counts_as_changed(older, tmp_path):
    keep(older, tmp_path / "kept")
    (tmp_path / "kept" / AS_KEPT).unlink()
    assert is_mended(older, tmp_path / "kept")


SMALL = Solutions("x", (("inputs.py", b"1"), ("x/cases.py", b"1"), ("x/reference.py", b"1")))
MORE = (("old.py", b"2"), ("x/bars.json", b"2"), ("x/misconceptions/a.py", b"2"))
LARGE = Solutions("x", tuple(sorted([*SMALL.files, *MORE])))


def test_what_a_lesson_has_no_more_is_kept_no_more(tmp_path):
    folder = tmp_path / "kept"
    keep(LARGE, folder)
    assert (folder / BARS).is_file()
    keep(SMALL, folder)
    assert read_kept("x", folder, tmp_path) == SMALL
    assert not is_mended(SMALL, folder)


def test_what_is_no_solution_stays_in_a_releases_folder(tmp_path):
    folder = tmp_path / "kept"
    keep(LARGE, folder)
    for name in (RELEASED, "misconceptions/notes.txt"):
        (folder / name).write_text("the teacher's")
    keep(SMALL, folder)
    assert [(folder / name).read_text() for name in (RELEASED, "misconceptions/notes.txt")] == ["the teacher's"] * 2


def test_solutions_that_cannot_all_be_written_leave_the_earlier_ones(tmp_path):
    folder = tmp_path / "kept"
    keep(SMALL, folder)
    unwritable = replace(SMALL, files=(("x/cases.py", b"2"), ("x/reference.py", None)))
    with pytest.raises(TypeError):
        keep(unwritable, folder)
    assert read_kept("x", folder, tmp_path) == SMALL
    assert not is_mended(SMALL, folder)


def test_a_swap_that_was_stopped_in_the_middle_loses_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "kept"
    keep(SMALL, folder)
    (folder / RELEASED).write_text("the teacher's")
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, to: rename(path, to) if path == folder else interrupt())
    with pytest.raises(KeyboardInterrupt):
        keep(LARGE, folder)
    monkeypatch.undo()
    keep(LARGE, folder)
    assert (folder / RELEASED).read_text() == "the teacher's"
    assert read_kept("x", folder, tmp_path) == LARGE
    assert list(tmp_path.iterdir()) == [folder]


def interrupt():
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_two_releases_are_loaded_side_by_side_and_neither_sees_the_others_modules(lesson, older):
    before = set(sys.modules)
    found = load_lesson(ASSIGNMENT, lesson.points, older)
    q, k = np.ones((2, 4), "float32"), np.ones((3, 4), "float32")
    new, old = (np.asarray(one.references["attention_scores"](q, k)) for one in (lesson, found))
    assert np.allclose(old, new + 1)
    cases, inputs = (import_kept(older, part) for part in ("cases", "reference"))
    assert cases.normal.__globals__["OLDER"]
    assert not hasattr(sys.modules["solutions.inputs"], "OLDER")
    assert inputs.__name__ not in before
    assert {name for name in sys.modules if name.startswith("solutions.")} <= before


def test_a_releases_variants_are_made_of_its_own_reference(lesson, older):
    found = load_lesson(ASSIGNMENT, lesson.points, older)
    own = [known.function for known in found.misconceptions if known.function]
    assert own
    assert not any(function.__module__.startswith("solutions.") for function in own)


def test_the_fingerprint_depends_on_the_release(lesson, today, older):
    found = [fingerprint(ASSIGNMENT, lesson.points, one) for one in (None, today, older)]
    assert found[0] == found[1] != found[2]
    assert load_lesson(ASSIGNMENT, lesson.points, older).fingerprint == found[2]


# which release decides, and what for


@pytest.fixture(scope="module")
def two_releases(course, older):
    """The course with an older release beside its own."""
    folder = course.kept_release(ASSIGNMENT, OLD)
    keep(older, folder)
    yield course
    shutil.rmtree(folder)


def graded(course, name, content, lesson, worker):
    """The verdict of a notebook."""
    hand_in(course, name, content)
    submission = course.reader(ASSIGNMENT)(name)
    by = Yardsticks(course, ASSIGNMENT).of(submission)
    return grade_parcel(worker, lesson, parcel_of(submission, by.rules, None, by.solutions)).verdict


@pytest.mark.parametrize(
    ("release", "line", "points"), [(OLD, CHANGED, 15), (OLD, LINE, 0), (None, CHANGED, 0), (None, LINE, 15)]
)
def test_the_release_in_the_notebook_decides_what_is_right(two_releases, lesson, worker, release, line, points):
    material = material_of(two_releases, ASSIGNMENT)
    answer = material.answers["attention_scores"].replace(LINE, line)
    newest = two_releases.newest(ASSIGNMENT)
    content = of_release(material.solved(attention_scores=answer), release or newest)
    verdict = graded(two_releases, "of-release", content, lesson, worker)
    assert verdict.exercises["attention_scores"].points == points
    assert verdict.judged_by == verdict.release_id == (release or newest)
    assert bool(verdict.flags) == bool(release)


@pytest.mark.parametrize("release", ["feedfeedfeedfeed", "..", None])
def test_a_release_that_the_class_never_got_is_graded_as_the_newest_and_flagged(two_releases, lesson, worker, release):
    verdict = graded(
        two_releases, "of-none", of_release(material_of(two_releases, ASSIGNMENT).solved(), release), lesson, worker
    )
    assert verdict.points == verdict.max_points
    assert verdict.judged_by == two_releases.newest(ASSIGNMENT)
    assert ["never given to this class" in flag for flag in verdict.flags] == [True]


def test_a_release_travels_as_bytes_and_needs_no_disk_of_the_graders(course, older, lesson, worker):
    folder = course.kept_release(ASSIGNMENT, OLD)
    keep(older, folder)
    hand_in(course, "far-away", of_release(material_of(course, ASSIGNMENT).solved(), OLD))
    submission = course.reader(ASSIGNMENT)("far-away")
    by = Yardsticks(course, ASSIGNMENT).of(submission)
    content = {path: path.read_bytes() for path in folder.rglob("*.py")}
    shutil.rmtree(folder)
    found = grade_parcel(worker, lesson, parcel_of(submission, by.rules, None, by.solutions)).verdict
    for path, text in content.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    assert found.exercises["attention_scores"].outcome == "failed"
    assert found.exercises["softmax_rows"].outcome == "passed"


def test_solutions_that_cannot_be_imported_cost_no_marks(course, today, lesson, worker):
    broken = changed(today, ("attention/cases.py", "", "\nimport a_module_of_the_past\n"))
    submission = course.reader(ASSIGNMENT)("of-release")
    found = grade_parcel(worker, lesson, parcel_of(submission, course.rules(ASSIGNMENT), None, broken)).verdict
    assert {part.outcome for part in found.exercises.values()} == {"infra_error"}


def test_a_verdict_holds_until_its_own_release_changes(two_releases, older):
    submission = SimpleNamespace(release_id=OLD, sha256="", problem="", flags=())

    def key():
        by = Yardsticks(two_releases, ASSIGNMENT).of(submission)
        return key_of(submission, by.fingerprint, by.rules)

    folder = two_releases.kept_release(ASSIGNMENT, OLD)
    before = key()
    keep(older, folder.with_name("an0ther-one"))
    assert key() == before
    keep(changed(older, ("attention/reference.py", CHANGED, LINE + " + 2.0")), folder)
    assert key() != before
    keep(older, folder)
    shutil.rmtree(folder.with_name("an0ther-one"))


def test_an_older_release_that_asks_the_same_is_no_reason_to_look(course, today, lesson, worker):
    folder = course.kept_release(ASSIGNMENT, "0ther-text")
    keep(today, folder)
    content = of_release(material_of(course, ASSIGNMENT).solved(), "0ther-text")
    verdict = graded(course, "of-other-text", content, lesson, worker)
    shutil.rmtree(folder)
    assert (verdict.judged_by, verdict.flags, verdict.points) == ("0ther-text", (), verdict.max_points)


def test_work_that_was_not_begun_is_known_by_the_stubs_of_its_own_release(two_releases, lesson, worker):
    released = json.loads(two_releases.release(ASSIGNMENT).read_text(encoding="utf-8"))
    other = json.loads(json.dumps(released).replace("raise NotImplementedError()", "return 0  # write it here"))
    path = two_releases.kept_release(ASSIGNMENT, OLD) / RELEASED
    path.write_text(json.dumps(other), encoding="utf-8")
    verdict = graded(two_releases, "not-begun", of_release(other, OLD), lesson, worker)
    path.unlink()
    assert {part.outcome for part in verdict.exercises.values()} == {"missing"}


# exercises that only one of the releases has


@pytest.fixture(scope="module")
def without_figure(course, today):
    """A course with an older release that had no figure, but an exercise that is not asked any more."""
    more = '\nEXERCISES = (*EXERCISES[:-1], Exercise("masked_mean", mask_cases))\n'
    own = "\n\ndef masked_mean(scores, mask):\n    return scores\n"
    folder = course.kept_release(ASSIGNMENT, "n0-figure")
    keep(changed(today, ("attention/cases.py", "", more), ("attention/reference.py", "", own)), folder)
    yield course
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def verdict_without_figure(without_figure, lesson, worker):
    """The verdict of a student who began on it."""
    content = of_release(material_of(without_figure, ASSIGNMENT).solved(), "n0-figure")
    return graded(without_figure, "no-figure", content, lesson, worker)


def test_an_exercise_that_the_older_release_did_not_have_is_left_to_a_person(verdict_without_figure):
    part = verdict_without_figure.exercises["figure"]
    assert (part.outcome, part.points, part.max_points, part.by_hand) == ("missing", 0.0, 10.0, True)
    assert any("a person decides: figure" in flag for flag in verdict_without_figure.flags)


def test_an_exercise_that_is_not_asked_any_more_counts_for_nobody(verdict_without_figure, lesson):
    assert set(verdict_without_figure.exercises) == set(lesson.exercises)
    assert verdict_without_figure.max_points == sum(lesson.points.values())
    assert verdict_without_figure.points == sum(lesson.points.values()) - 10


def test_the_gradebook_asks_a_person_for_it(without_figure, verdict_without_figure):
    sandboxed()
    from autograder.gradebook.steps import save_scores

    grade_class(without_figure, ASSIGNMENT, ["no-figure"], one_worker())
    save_scores(without_figure, ASSIGNMENT, ["no-figure"])
    found = scores(without_figure)
    assert found["no-figure", "check_figure"] == (0.0, None, True)
    assert found["no-figure", "check_softmax_rows"] == (15.0, None, False)


def test_a_trained_item_that_the_older_release_did_not_have_is_left_to_a_person(course, lesson, worker, today):
    dearer = replace(lesson, points={**lesson.points, TRAINED: 15.0})
    hand_in(course, "no-training", as_bytes(material_of(course, ASSIGNMENT).solved()))
    parcel = parcel_of(course.reader(ASSIGNMENT)("no-training"), course.rules(ASSIGNMENT), None)
    found = grade_parcel(worker, dearer, parcel).verdict
    assert (found.trained.outcome, found.trained.points, found.trained.by_hand) == ("missing", 0.0, True)
    assert found.max_points == sum(dearer.points.values())


def one_worker():
    """Grade with one worker."""
    from autograder.crew.means import Means

    return Means(workers=1)


def sandboxed():
    """Skip where student code cannot be isolated."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")


# what an update leaves as it is


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A course of one lesson, without a gradebook."""
    wheel = tmp_path / "built" / "vitlab.whl"

    def build_wheel(_):
        wheel.parent.mkdir(exist_ok=True)
        wheel.touch()
        return wheel

    monkeypatch.setattr(init, "build_wheel", build_wheel)
    monkeypatch.setattr(init, "known_lessons", lambda: [ASSIGNMENT])
    (tmp_path / "course").mkdir()
    for name in ("nbgrader_config.py", "secret_seed"):
        (tmp_path / "course" / name).touch()
    root = open_root(tmp_path / "course")
    assert init.update_course(root.path) == {ASSIGNMENT: "new"}
    return root


def mended(root):
    """The newest release's reference, with a change of the teacher's own."""
    path = root.kept_release(ASSIGNMENT, root.newest(ASSIGNMENT)) / "reference.py"
    edit(path, LINE, CHANGED)
    return path


def test_a_changed_release_of_which_nothing_is_noted_is_left_as_it_is(small):
    reference = mended(small)
    reference.with_name(AS_KEPT).unlink()
    assert init.update_course(small.path)[ASSIGNMENT].startswith("left as it is")
    assert CHANGED in reference.read_text(encoding="utf-8")


def test_a_changed_release_that_becomes_the_newest_again_is_left_as_it_is(small):
    reference = mended(small)
    edit(small.source(ASSIGNMENT), small.newest(ASSIGNMENT), "an0ther-one")
    said = init.update_course(small.path)[ASSIGNMENT]
    assert small.newest(ASSIGNMENT) == reference.parent.name
    assert said.startswith(f"a new release, {reference.parent.name}")
    assert "left as it is" in said
    assert CHANGED in reference.read_text(encoding="utf-8")


def test_bars_that_the_checkout_has_dropped_are_dropped_once(small, today):
    folder = small.kept_release(ASSIGNMENT, small.newest(ASSIGNMENT))
    keep(replace(today, files=tuple(sorted([*today.files, (f"{today.lesson}/{BARS}", b"[]")]))), folder)
    assert "other bars" in init.update_course(small.path)[ASSIGNMENT]
    assert init.update_course(small.path) == {}


# the whole way, with the commands that a teacher types


def run(checkout, folder, *words):
    """A Python module of the copy of the checkout, in a folder."""
    paths = os.pathsep.join([str(checkout), str(checkout / "course")])
    path = os.pathsep.join([os.path.dirname(sys.executable), os.environ["PATH"]])
    done = subprocess.run(
        [sys.executable, "-m", *words], cwd=folder, env={**os.environ, "PYTHONPATH": paths, "PATH": path},
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def edit(path, old, new):
    """Replace a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """A term: release 1, a student begins, then the reference and the points change in release 2, and all hand in."""
    sandboxed()
    checkout = tmp_path_factory.mktemp("checkout")
    for name in SOURCES:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        source = CHECKOUT / name
        shutil.copytree(source, checkout / name, ignore=ignored) if source.is_dir() else shutil.copy(source, checkout)
    folder = checkout / "term"
    run(checkout, checkout, "autograder", "init", "term")
    root = open_root(folder)
    run(checkout, folder, "nbgrader", "generate_assignment", ASSIGNMENT)
    first = material_of(root, ASSIGNMENT)
    wrong = first.answers["attention_scores"].replace(LINE, CHANGED)
    hand_in(root, "began-early", as_bytes(first.solved()))
    hand_in(root, "early-but-wrong", as_bytes(first.solved(attention_scores=wrong)))
    edit(checkout / "solutions/attention/reference.py", LINE, CHANGED)
    edit(
        checkout / "course" / ASSIGNMENT / "lesson.py",
        'exercise="softmax_rows" points=15',
        'exercise="softmax_rows" points=20',
    )
    said = run(checkout, checkout, "autograder", "init", "term", "--update")
    run(checkout, folder, "nbgrader", "generate_assignment", ASSIGNMENT, "--force")
    second = material_of(root, ASSIGNMENT)
    right = second.answers["attention_scores"].replace(LINE, CHANGED)
    hand_in(root, "began-late", as_bytes(second.solved(attention_scores=right)))
    hand_in(root, "late-but-wrong", as_bytes(second.solved()))
    hand_in(root, "of-nowhere", of_release(second.solved(), "feedfeedfeedfeed"))
    run(checkout, folder, "autograder", "grade", ASSIGNMENT, "--workers", "1", "--json", "verdicts.json")
    found = json.loads((folder / "verdicts.json").read_text(encoding="utf-8"))
    ids = [notebook["metadata"]["vitlab"]["release_id"] for notebook in (first.released, second.released)]
    return SimpleNamespace(checkout=checkout, root=root, said=said, verdicts=found, ids=ids)


def test_an_update_says_what_is_new_and_keeps_the_earlier_notebooks(term):
    assert f"{ASSIGNMENT}: a new release, {term.ids[1]}" in term.said
    assert f"generate_assignment {ASSIGNMENT} --force" in term.said
    assert "02_multihead" not in term.said
    kept = term.root.kept_release(ASSIGNMENT, term.ids[0])
    assert json.loads((kept / RELEASED).read_text())["metadata"]["vitlab"]["release_id"] == term.ids[0]
    assert run(term.checkout, term.checkout, "autograder", "init", "term", "--update") == "Everything is up to date.\n"


def test_each_is_judged_by_the_release_on_which_the_work_was_begun(term):
    found = {name: verdict["exercises"]["attention_scores"]["outcome"] for name, verdict in term.verdicts.items()}
    assert found == {
        "began-early": "passed", "early-but-wrong": "failed", "began-late": "passed", "late-but-wrong": "failed",
        "of-nowhere": "failed",
    }  # fmt: skip
    by = {name: verdict["judged_by"] for name, verdict in term.verdicts.items()}
    assert by == {
        "began-early": term.ids[0], "early-but-wrong": term.ids[0], "began-late": term.ids[1],
        "late-but-wrong": term.ids[1], "of-nowhere": term.ids[1],
    }  # fmt: skip


def test_a_cell_is_worth_what_the_newest_release_says_for_everybody(term):
    for name in ("began-early", "began-late"):
        verdict = term.verdicts[name]
        assert verdict["exercises"]["softmax_rows"]["points"] == 20
        assert verdict["points"] == verdict["max_points"] == 100


def test_older_and_unknown_releases_are_flagged(term):
    flags = {name: " ".join(verdict["flags"]) for name, verdict in term.verdicts.items()}
    assert f"older release {term.ids[0]}" in flags["began-early"]
    assert "feedfeedfeedfeed was never given to this class" in flags["of-nowhere"]
    assert flags["began-late"] == ""


def test_nbgraders_own_command_judges_alike(term):
    before = scores(term.root)
    shutil.rmtree(term.root.path / "verdicts" / ASSIGNMENT)
    shutil.rmtree(term.root.path / "answers" / ASSIGNMENT)
    run(term.checkout, term.root.path, "nbgrader", "autograde", ASSIGNMENT, "--force")
    assert scores(term.root) == before
    assert before["began-early", "check_attention_scores"][0] == 15
    assert before["late-but-wrong", "check_attention_scores"][0] == 0


def test_an_appeal_is_explained_by_the_release_that_decided(term):
    said = run(
        term.checkout, term.root.path, "autograder", "explain", ASSIGNMENT, "early-but-wrong", "attention_scores"
    )
    assert f"older release {term.ids[0]}" in said
    assert "expected 14, got 15" in said


def test_verdicts_hold_when_nothing_changes(term):
    program = f"""
import sys
from pathlib import Path
from autograder.grade.kept import kept_verdicts
from autograder.root import open_root

look = kept_verdicts(open_root(Path()), "{ASSIGNMENT}")
print(all(look(name) for name in sys.argv[1:]))
"""
    paths = os.pathsep.join([str(term.checkout), str(term.checkout / "course")])
    done = subprocess.run(
        [sys.executable, "-c", program, *term.verdicts], cwd=term.root.path, env={**os.environ, "PYTHONPATH": paths},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == "True\n"


def test_an_update_leaves_a_release_that_was_changed_in_the_course_as_it_is(term):
    reference = term.root.kept_release(ASSIGNMENT, term.ids[1]) / "reference.py"
    edit(reference, CHANGED, f"{CHANGED}  # mended")
    said = run(term.checkout, term.checkout, "autograder", "init", "term", "--update")
    assert f"{ASSIGNMENT}: left as it is" in said
    assert "# mended" in reference.read_text(encoding="utf-8")
