"""Building a lesson: repeatable, without outputs or answers, and a stale copy is named."""

import ast
import inspect
import io
import json
import re
import shutil

import nbformat
import numpy as np
import pytest
from lessons import LESSONS, exercises_of, solutions_of
from vitlab import fixtures

import autograder.build.course as course
import autograder.build.instructor as instructor
import autograder.lessons as lessons
from autograder.build.course import Built, build, build_lesson, check, make_instructor_notebook
from autograder.build.fixtures import same_fixture
from autograder.build.leaks import Leak, secret_lines
from autograder.build.lesson import LessonError, SourceCell, definition, points_of, read_lesson
from autograder.build.notebook import as_text, instructor_notebook, student_notebook
from autograder.lessons import CHECKOUT
from autograder.settings import read_settings

ASSIGNMENT = "01_attention"
COMMITTED = CHECKOUT / "course" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
FIXTURE = CHECKOUT / "course/vitlab/fixtures" / f"{ASSIGNMENT}.npz"


def instructors(assignment=ASSIGNMENT):
    return make_instructor_notebook(assignment, read_settings(CHECKOUT / "course.toml"))


def committed(assignment):
    return CHECKOUT / "course" / assignment / f"{assignment}.ipynb"


def names_of(assignment):
    return [exercise.name for exercise in exercises_of(assignment)]


def mark(cell):
    return cell.metadata.get("nbgrader", {})


def grade_ids(notebook):
    return [mark(cell).get("grade_id") for cell in notebook.cells]


@pytest.fixture(scope="module", params=LESSONS)
def assignment(request):
    """Each lesson in turn."""
    return request.param


@pytest.fixture(scope="module")
def notebook(assignment):
    """The student's notebook, built now."""
    return student_notebook(instructors(assignment))


@pytest.fixture(scope="module")
def built():
    """The whole first lesson, built now; making the fixture takes seconds."""
    return build_lesson(ASSIGNMENT, whole=True)


# the notebook


def test_the_notebook_repeats_byte_for_byte(assignment, notebook):
    assert as_text(student_notebook(instructors(assignment))) == as_text(notebook)


def test_the_committed_notebook_is_not_stale(assignment, notebook):
    assert committed(assignment).read_text(encoding="utf-8") == as_text(notebook)


def test_the_notebook_is_valid(notebook):
    nbformat.validate(notebook)


def test_the_notebook_has_no_outputs(notebook):
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell for cell in code if cell.outputs or cell.execution_count is not None] == []


def test_cell_ids_are_unique(notebook):
    ids = [cell.id for cell in notebook.cells]
    assert len(ids) == len(set(ids))


def test_a_marked_cells_id_is_its_grade_id(notebook):
    marked = [cell for cell in notebook.cells if mark(cell)]
    assert [cell.id for cell in marked] == [mark(cell)["grade_id"] for cell in marked]


def test_equal_cells_have_different_ids():
    cells = [SourceCell("markdown", "# Title"), SourceCell("code", "x = 1"), SourceCell("code", "x = 1")]
    ids = [cell.id for cell in instructor_notebook("01_a", cells, "", "a.whl", "").cells]
    assert ids[-1] == f"{ids[-2]}-2"


def test_a_check_follows_each_exercise(assignment, notebook):
    ids, names = grade_ids(notebook), names_of(assignment)
    assert [ids[ids.index(name) + 1] for name in names] == [f"check_{name}" for name in names]


def test_exercises_come_in_the_order_of_the_lesson(assignment, notebook):
    names = names_of(assignment)
    assert [name for name in grade_ids(notebook) if name in names] == names


def test_a_check_cell_calls_check_and_holds_the_points():
    notebook = student_notebook(instructors())
    cell = notebook.cells[grade_ids(notebook).index("check_softmax_rows")]
    assert cell.source == "check(softmax_rows)"
    assert (mark(cell)["points"], mark(cell)["grade"], mark(cell)["locked"], mark(cell)["solution"]) == (
        15,
        True,
        True,
        False,
    )


def test_a_stub_keeps_signature_and_docstring_and_nothing_else(assignment, notebook):
    for name in names_of(assignment):
        cell = notebook.cells[grade_ids(notebook).index(name)]
        (stub,) = ast.parse(cell.source).body
        original = ast.parse(inspect.getsource(getattr(solutions_of(assignment, "reference"), name))).body[0]
        assert ast.get_docstring(stub) == ast.get_docstring(original)
        assert "raise NotImplementedError()" in cell.source
        if isinstance(stub, ast.FunctionDef):
            assert ast.dump(stub.args) == ast.dump(original.args)


def test_no_solution_mark_is_left(notebook):
    assert "SOLUTION" not in as_text(notebook)


def test_the_instructors_notebook_has_the_solutions():
    sources = {mark(cell).get("grade_id"): cell.source for cell in instructors().cells}
    assert "### BEGIN SOLUTION" in sources["softmax_rows"]
    assert "ops.exp(" in sources["softmax_rows"]


def test_the_metadata_hold_assignment_source_and_release(assignment, notebook):
    found = notebook.metadata["vitlab"]
    assert (found["assignment"], found["built_from"]) == (assignment, f"course/{assignment}/lesson.py")
    assert len(found["release_id"]) == 16


@pytest.mark.parametrize(
    "change", [{"cells": [SourceCell("markdown", "# B")]}, {"solution_hash": "other"}], ids=["text", "solution"]
)
def test_the_release_id_changes_with_the_lesson(change):
    given = {
        "assignment": "01_a",
        "cells": [SourceCell("markdown", "# A")],
        "url": "",
        "wheel": "w",
        "solution_hash": "one",
    }
    ids = {
        instructor_notebook(**arguments).metadata["vitlab"]["release_id"] for arguments in (given, {**given, **change})
    }
    assert len(ids) == 2


URLS = {
    "https://github.com/ada/course": (
        "(https://colab.research.google.com/github/ada/course/blob/main/01_a/01_a.ipynb)"
    ),
    "https://github.com/ada/course/tree/autumn/vit": (
        "(https://colab.research.google.com/github/ada/course/blob/autumn/vit/01_a/01_a.ipynb)"
    ),
    "https://raw.githubusercontent.com/ada/course/main": (
        "(https://colab.research.google.com/github/ada/course/blob/main/01_a/01_a.ipynb)"
    ),
    "https://raw.githubusercontent.com/ada/course/main/": (
        "(https://colab.research.google.com/github/ada/course/blob/main/01_a/01_a.ipynb)"
    ),
    "https://example.org/vit": "(https://example.org/vit/01_a/01_a.ipynb)",
}


@pytest.mark.parametrize(
    ("url", "link"), URLS.items(), ids=["repository", "branch", "GitHub", "a slash at the end", "elsewhere"]
)
def test_a_public_course_is_linked(url, link):
    made = instructor_notebook("01_a", [SourceCell("markdown", "# A")], url, "w.whl", "")
    assert link in made.cells[0].source


def test_without_an_address_there_is_no_link():
    made = instructor_notebook("01_a", [SourceCell("markdown", "# A")], "", "w.whl", "")
    assert [cell.cell_type for cell in made.cells] == ["markdown", "code"]


@pytest.mark.parametrize("url", ["", "https://example.org/vit"])
def test_the_cell_that_installs_is_python_and_names_the_wheel(url):
    made = instructor_notebook("01_a", [SourceCell("markdown", "# A")], url, "vitlab-1-py3-none-any.whl", "")
    source = made.cells[-1].source
    assert ast.parse(source).body
    assert "vitlab-1-py3-none-any.whl" in source


def test_points_sum_to_100_in_the_committed_notebook(assignment):
    cells = nbformat.read(committed(assignment), 4).cells
    assert sum(mark(cell).get("points", 0) for cell in cells if mark(cell).get("grade")) == 100


def test_the_committed_notebook_tells_the_points_that_it_gives(assignment):
    cells = nbformat.read(committed(assignment), 4).cells
    text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    points = {what_is_graded(cell): mark(cell)["points"] for cell in cells if mark(cell).get("grade")}
    untold = [
        name
        for name, number in points.items()
        if not any(f"`{name}`" in line and f"| {number:g} |" in line for line in text.splitlines())
    ]
    assert untold == []


def what_is_graded(cell):
    """The name in check(name) or check_trained("name"); a question's own."""
    called = re.fullmatch(r"check(?:_trained)?\(\"?(\w+)\"?\)", cell.source)
    return called[1] if called else mark(cell)["grade_id"]


# stale copies


@pytest.fixture
def checkout(tmp_path, monkeypatch, built):
    """A copy of what is built, in which `check` and `build` work; the real files are never written."""
    shutil.copytree(CHECKOUT / "solutions", tmp_path / "solutions", ignore=shutil.ignore_patterns("__pycache__"))
    files = {tmp_path / path.relative_to(CHECKOUT): content for path, content in built.files.items()}
    for path, content in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    monkeypatch.setattr(course, "CHECKOUT", tmp_path)
    monkeypatch.setattr(course, "build_lesson", lambda assignment, whole: Built(assignment, files))
    return tmp_path


def test_nothing_committed_is_stale(built):
    assert [str(path.relative_to(CHECKOUT)) for path in course.stale(built)] == []


def test_a_fresh_copy_is_not_stale(checkout):
    assert check([ASSIGNMENT]) == []


def edit_notebook(path):
    path.write_text(path.read_text(encoding="utf-8").replace("Attention by hand", "Attention"), encoding="utf-8")


def change_arrays(path, amount):
    """Add `amount` to every float32 of a fixture."""
    with np.load(path) as stored:
        parts = dict(stored)
    parts["float32"] = parts["float32"] * (1 + np.float32(amount))
    np.savez_compressed(path, **parts)


def change_manifest(path):
    with np.load(path) as stored:
        parts = dict(stored)
    parts["manifest"] = np.array(str(parts["manifest"]).replace("hint", "tip"))
    np.savez_compressed(path, **parts)


@pytest.mark.parametrize(
    ("original", "change"),
    [
        (COMMITTED, edit_notebook),
        (COMMITTED, lambda path: path.unlink()),
        (FIXTURE, lambda path: change_arrays(path, 1e-3)),
        (FIXTURE, change_manifest),
        (FIXTURE, lambda path: path.unlink()),
    ],
    ids=["an edited notebook", "no notebook", "other numbers", "other words", "no fixture"],
)
def test_a_stale_file_is_named(checkout, original, change):
    copied = checkout / original.relative_to(CHECKOUT)
    change(copied)
    assert check([ASSIGNMENT]) == [copied]


def test_a_fixture_that_differs_by_rounding_is_the_same(checkout):
    copied = checkout / FIXTURE.relative_to(CHECKOUT)
    change_arrays(copied, 1e-7)
    assert copied.read_bytes() != FIXTURE.read_bytes()
    assert same_fixture(copied.read_bytes(), FIXTURE.read_bytes())


@pytest.mark.parametrize("content", [b"", b"<<<<<<< HEAD\n"], ids=["empty", "a merge conflict"])
def test_a_fixture_that_cannot_be_read_is_stale(checkout, content):
    copied = checkout / FIXTURE.relative_to(CHECKOUT)
    copied.write_bytes(content)
    assert check([ASSIGNMENT]) == [copied]


def test_building_writes_what_is_stale_and_nothing_else(checkout):
    copied = checkout / COMMITTED.relative_to(CHECKOUT)
    before = copied.read_bytes()
    edit_notebook(copied)
    assert build([ASSIGNMENT]) == [copied]
    assert copied.read_bytes() == before


def test_nothing_of_a_lesson_with_a_leak_is_written(checkout, monkeypatch):
    path = checkout / COMMITTED.relative_to(CHECKOUT)
    before = path.read_bytes()
    leaking = as_text(instructors()).encode()
    monkeypatch.setattr(course, "build_lesson", lambda assignment, whole: Built(assignment, {path: leaking}))
    with pytest.raises(Leak):
        build([ASSIGNMENT])
    assert path.read_bytes() == before


# what a fixture was built from


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A copy of the sources in which one lesson's fixture is recorded; to build it anew would be noticed."""
    ignored = shutil.ignore_patterns("__pycache__", "answers", ".venv")
    for folder in ("autograder", "course", "solutions"):
        shutil.copytree(CHECKOUT / folder, tmp_path / folder, ignore=ignored)
    shutil.copy(CHECKOUT / "course.toml", tmp_path)
    for module in (course, instructor, lessons):
        monkeypatch.setattr(module, "CHECKOUT", tmp_path)
    monkeypatch.setattr(course, "fixture_of", lambda lesson: b"built anew")
    return tmp_path


def fixture_in(folder):
    return build_lesson(ASSIGNMENT).files[folder / FIXTURE.relative_to(CHECKOUT)]


def test_a_fixture_is_not_built_again_while_its_sources_stay_the_same(sources):
    assert fixture_in(sources) == FIXTURE.read_bytes()


@pytest.mark.parametrize(
    "changed",
    [
        "solutions/attention/cases.py",
        "solutions/attention/misconceptions/softmax.py",
        "solutions/registry.py",
        "course/vitlab/packing.py",
        "autograder/build/fixtures.py",
        "autograder/judge/score.py",
    ],
)
def test_a_fixture_is_built_again_when_one_of_its_sources_changes(sources, changed):
    path = sources / changed
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert fixture_in(sources) == b"built anew"


def test_a_fixture_that_someone_changed_is_built_again(sources):
    change_manifest(sources / FIXTURE.relative_to(CHECKOUT))
    assert fixture_in(sources) == b"built anew"


def test_a_fixture_is_built_again_when_an_exercise_goes(sources):
    path = sources / "course" / ASSIGNMENT / "lesson.py"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r'^# %% exercise="softmax_rows".*$', "# %%", text, flags=re.MULTILINE), encoding="utf-8")
    assert fixture_in(sources) == b"built anew"


def test_another_lessons_sources_do_not_matter(sources):
    path = sources / "solutions/multihead/cases.py"
    path.write_text(path.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    assert fixture_in(sources) == FIXTURE.read_bytes()


# the fixture


def strings_of(value):
    """All strings in a plain value."""
    if isinstance(value, str):
        yield value
    for item in value.items() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ():
        yield from strings_of(item)


def test_a_fixture_built_again_holds_the_same_numbers(built):
    assert same_fixture(built.files[FIXTURE], FIXTURE.read_bytes())


def test_a_fixture_holds_no_line_of_code(built):
    with np.load(io.BytesIO(built.files[FIXTURE]), allow_pickle=False) as stored:
        manifest = json.loads(str(stored["manifest"]))
        kinds = {stored[name].dtype.kind for name in stored.files if name != "manifest"}
    lines = {line.strip() for text in strings_of(manifest) for line in text.splitlines()}
    assert lines & secret_lines(CHECKOUT / "solutions").keys() == set()
    assert kinds <= set("biuf")


def test_a_fixture_holds_no_sealed_answer():
    (answer,) = fixtures.load("figure")["expected"]
    assert not np.any(answer["value"]["answer_1"])
    assert not np.any(answer["value"]["answer_2"])
    assert np.any(answer["value"]["entropy_scaled"])


def all_fixtures():
    """The committed fixture of every exercise of every lesson."""
    return [fixture for lesson in fixtures.lessons() for fixture in lesson.values()]


def test_a_fixture_has_a_hint_for_each_variant_of_its_own():
    every = [known for lesson in LESSONS for known in solutions_of(lesson, "misconceptions").MISCONCEPTIONS]
    own = {known.id for known in every if known.kind == "variant" and not known.twin}
    found = {id for fixture in all_fixtures() for id in fixture["hints"]}
    assert found == own


def test_a_fixture_has_an_answer_to_each_question():
    for fixture in all_fixtures():
        counts = {len(answers) for answers in [fixture["expected"], fixture["rules"], *fixture["variants"].values()]}
        assert counts == {len(fixture["questions"])}


# lessons' sources

IMPORT = "from solutions.areas.reference import area"
SOURCE = '''"""Areas."""

import functools


def helper(a):
    return a


@functools.cache
def area(a, b):
    """The area."""
    ### BEGIN SOLUTION
    return a * b
    ### END SOLUTION


class Room:
    def size(self):
        return 1
'''


@pytest.fixture
def write_lesson(tmp_path):
    """Writes a lesson of these cells beside a small folder of solutions, and reads it."""
    folder = tmp_path / "solutions" / "areas"
    folder.mkdir(parents=True)
    (folder / "reference.py").write_text(SOURCE, encoding="utf-8")

    def write(*cells):
        path = tmp_path / "lesson.py"
        path.write_text("\n\n".join(cells) + "\n", encoding="utf-8")
        return read_lesson(path, tmp_path / "solutions")

    return write


def test_an_exercise_becomes_its_source_with_decorators_and_marks(write_lesson):
    (cell,) = write_lesson(f'# %% exercise="area" points=7\n{IMPORT}')
    assert (cell.exercise, cell.points) == ("area", 7.0)
    assert cell.source.startswith("@functools.cache\ndef area(a, b):\n")
    assert cell.source.endswith("    return a * b\n    ### END SOLUTION")


def test_given_code_is_put_in_place_without_being_an_exercise(write_lesson):
    (cell,) = write_lesson('# %% given="Room"\nfrom solutions.areas.reference import Room')
    assert (cell.exercise, cell.source) == (None, "class Room:\n    def size(self):\n        return 1")


def test_text_code_and_questions_stay_as_they_are(write_lesson):
    cells = write_lesson(
        "# %% [markdown]\n# Hello", "# %%\nx = 1", '# %% [markdown] question="question_1" points=5\n# Why?'
    )
    assert [(cell.kind, cell.source, cell.question, cell.points) for cell in cells] == [
        ("markdown", "Hello", None, 0.0),
        ("code", "x = 1", None, 0.0),
        ("markdown", "Why?", "question_1", 5.0),
    ]


def test_points_are_those_of_the_exercises(write_lesson):
    cells = write_lesson(
        f'# %% exercise="area" points=7\n{IMPORT}', '# %% [markdown] question="question_1" points=5\n# Why?'
    )
    assert points_of(cells) == {"area": 7.0}


WRONG = {
    "another name": "from solutions.areas.reference import helper",
    "two names": "from solutions.areas.reference import area, helper",
    "two lines": f"{IMPORT}\nx = 1",
    "under another name": f"{IMPORT} as size",
    "another module": "from solutions.areas.cases import area",
    "code": "def area(a, b):\n    return a * b",
    "nothing": "",
}


@pytest.mark.parametrize("source", WRONG.values(), ids=WRONG)
def test_a_marked_cell_that_is_not_its_import_line_is_told_what_to_write(write_lesson, source):
    with pytest.raises(LessonError, match=r"expected the one line `from solutions\.<lesson>\.reference import area`"):
        write_lesson(f'# %% exercise="area" points=7\n{source}')


def test_an_import_of_a_lesson_that_is_not_there_is_told(write_lesson):
    with pytest.raises(LessonError):
        write_lesson('# %% exercise="area" points=7\nfrom solutions.nowhere.reference import area')


def test_an_import_of_a_name_that_is_not_there_is_told(write_lesson):
    with pytest.raises(LessonError, match="expected a function or class named volume at top level"):
        write_lesson('# %% exercise="volume" points=7\nfrom solutions.areas.reference import volume')


def test_a_name_inside_another_definition_is_not_found(tmp_path):
    (tmp_path / "reference.py").write_text(SOURCE, encoding="utf-8")
    with pytest.raises(LessonError):
        definition(tmp_path / "reference.py", "size")
