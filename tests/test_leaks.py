"""Nothing that holds an answer is released: solutions' lines, wrong variants' code, the secret seed."""

import io
import shutil

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import autograder.build.leaks as leaks
from autograder.build.leaks import Leak, check_release, secret_lines
from autograder.lessons import CHECKOUT

SOLUTIONS = CHECKOUT / "solutions"

REFERENCE = '''
def area(a, b):
    """The area of a rectangle."""
    if a is None:
        return None
    ### BEGIN SOLUTION
    product_of_sides = a * b
    text = "a \\\\ b" + 'said "so"' + "größer"
    if a is None:
        return None
    ok = 1
    return product_of_sides
    ### END SOLUTION


def given(a):
    return a + 1234567
'''
MISCONCEPTIONS = """
def wrong(hint):
    return lambda function: function


@wrong("Adding is not multiplying.")
def adds_the_sides(a, b):
    sum_of_both_sides = a + b
    return sum_of_both_sides


class LayerOfAdding:
    def call(self, a, b):
        return self.added_in_a_layer(a, b)
"""


@pytest.fixture
def solutions(tmp_path):
    """A folder of solutions with one small lesson."""
    folder = tmp_path / "solutions" / "areas"
    folder.mkdir(parents=True)
    (folder / "reference.py").write_text(REFERENCE, encoding="utf-8")
    (folder / "misconceptions").mkdir()
    (folder / "misconceptions" / "sums.py").write_text(MISCONCEPTIONS, encoding="utf-8")
    return tmp_path / "solutions"


def notebook(*sources, kind=new_code_cell):
    """A notebook's bytes as nbformat writes them."""
    return nbformat.writes(new_notebook(cells=[kind(source) for source in sources])).encode()


SOLUTION = "product_of_sides = a * b"
SECRET = "e2a4f0c3b5"


@pytest.mark.parametrize(
    "line",
    [SOLUTION, "return product_of_sides", """text = "a \\\\ b" + 'said "so"' + "größer\""""],
    ids=["plain", "return", "quoted"],
)
@pytest.mark.parametrize("indent", ["", "    ", "\t\t"], ids=["flush", "four", "tabs"])
def test_a_solutions_line_in_a_notebook_is_refused(solutions, line, indent):
    with pytest.raises(Leak):
        check_release({"a.ipynb": notebook(f"def area(a, b):\n{indent}{line}\n")}, solutions)


def test_a_solutions_line_in_a_text_cell_is_refused(solutions):
    with pytest.raises(Leak):
        check_release({"a.ipynb": notebook(f"Here it is:\n\n    {SOLUTION}", kind=new_markdown_cell)}, solutions)


def test_a_solutions_line_in_a_module_is_refused(solutions):
    with pytest.raises(Leak):
        check_release({"vitlab/a.py": f"def area(a, b):\n    {SOLUTION}\n".encode()}, solutions)


def test_a_solutions_line_in_a_fixture_is_refused(solutions):
    file = io.BytesIO()
    np.savez_compressed(file, manifest=np.array(f'{{"hint": "Write this: \\n{SOLUTION}\\n"}}'))
    with pytest.raises(Leak):
        check_release({"a.npz": file.getvalue()}, solutions)


@pytest.mark.parametrize("name", ["05_areas.ipynb", "course/05_areas/05_areas.ipynb", "vitlab/fixtures/04_sums.npz"])
def test_a_lesson_up_to_the_answers_own_may_not_hold_it(solutions, name):
    (solutions.parent / "course" / f"05_{next(solutions.iterdir()).name}").mkdir(parents=True)
    content = notebook(SOLUTION)
    if name.endswith("npz"):
        file = io.BytesIO()
        np.savez_compressed(file, manifest=np.array(SOLUTION))
        content = file.getvalue()
    with pytest.raises(Leak):
        check_release({name: content}, solutions)


def test_a_later_lesson_may_hold_an_earlier_lessons_answer(solutions):
    (solutions.parent / "course" / f"05_{next(solutions.iterdir()).name}").mkdir(parents=True)
    check_release({"course/06_volumes/06_volumes.ipynb": notebook(SOLUTION)}, solutions)


def test_what_two_lessons_ask_for_may_stand_between_them_and_not_in_the_second(solutions):
    for name in ("05_areas", "07_fields"):
        (solutions.parent / "course" / name).mkdir(parents=True)
    (solutions / "fields").mkdir()
    (solutions / "fields/reference.py").write_text(REFERENCE, encoding="utf-8")
    check_release({"course/06_volumes/06_volumes.ipynb": notebook(SOLUTION)}, solutions)
    with pytest.raises(Leak):
        check_release({"course/07_fields/07_fields.ipynb": notebook(SOLUTION)}, solutions)


def test_no_lesson_may_hold_an_earlier_lessons_wrong_variants(solutions):
    (solutions.parent / "course" / f"05_{next(solutions.iterdir()).name}").mkdir(parents=True)
    wrong = next(line for line, places in secret_lines(solutions).items() if places == {"areas/misconceptions/sums.py"})
    with pytest.raises(Leak):
        check_release({"06_volumes.ipynb": notebook(wrong)}, solutions)


def test_the_line_its_file_and_its_source_are_named(solutions):
    with pytest.raises(Leak) as told:
        check_release({"good.py": b"x = 1", "bad.ipynb": notebook(SOLUTION)}, solutions)
    assert str(told.value) == (
        "bad.ipynb holds a line of areas/reference.py: `product_of_sides = a * b`. Students would read an answer."
    )


@pytest.mark.parametrize(
    "line", ["sum_of_both_sides = a + b", "return sum_of_both_sides", "return self.added_in_a_layer(a, b)"]
)
def test_a_line_of_a_misconception_is_refused_and_named(solutions, line):
    with pytest.raises(Leak, match=r"holds a line of areas/misconceptions/sums\.py"):
        check_release({"a.ipynb": notebook(f"    {line}")}, solutions)


def test_the_secret_seed_is_refused_and_not_repeated(solutions):
    with pytest.raises(Leak, match=r"a\.ipynb holds the course's secret seed") as told:
        check_release({"a.ipynb": notebook(f"# {SECRET}")}, solutions, SECRET)
    assert SECRET not in str(told.value)


def test_without_a_secret_nothing_is_looked_for(solutions):
    check_release({"a.ipynb": notebook("x = 1")}, solutions, "")


FREE = {
    "a line that the stub has too": "if a is None:\n    return None",
    "a short line": "ok = 1",
    "the signature": "def area(a, b):",
    "the docstring": '"""The area of a rectangle."""',
    "a misconception's signature": "def adds_the_sides(a, b):",
    "a hint": '@wrong("Adding is not multiplying.")',
    "given code": "def given(a):\n    return a + 1234567",
    "an import line": "from solutions.areas.reference import area",
    "a line that only begins alike": "product_of_sides = a * b / 2",
}


@pytest.mark.parametrize("source", FREE.values(), ids=FREE)
def test_what_gives_nothing_away_passes(solutions, source):
    check_release({"a.ipynb": notebook(source)}, solutions)


# the real course


def test_every_line_of_the_real_solutions_would_be_found_in_a_notebook(monkeypatch):
    missed, known = [], secret_lines(SOLUTIONS)
    monkeypatch.setattr(leaks, "secret_lines", lambda solutions: known)  # read once, not a thousand times
    for line in known:
        try:
            check_release({"a.ipynb": notebook(f"    {line}\n")}, SOLUTIONS)
            missed.append(line)
        except Leak:
            continue
    assert missed == []


def test_the_real_solutions_have_lines_to_keep():
    places = set().union(*secret_lines(SOLUTIONS).values())
    assert {"attention/reference.py", "attention/misconceptions/softmax.py"} <= places


def test_everything_under_course_may_be_seen_by_students():
    files = [path for path in (CHECKOUT / "course").rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    check_release({str(path.relative_to(CHECKOUT)): path.read_bytes() for path in files}, SOLUTIONS)


def test_a_real_solution_in_a_copy_of_the_real_notebook_is_refused(tmp_path):
    copied = tmp_path / "01_attention.ipynb"
    shutil.copy(CHECKOUT / "course/01_attention/01_attention.ipynb", copied)
    book = nbformat.read(copied, 4)
    stub = next(cell for cell in book.cells if cell.metadata.get("nbgrader", {}).get("grade_id") == "softmax_rows")
    stub.source += "\n    return exponentials / ops.sum(exponentials, axis=axis, keepdims=True)"
    nbformat.write(book, copied)
    with pytest.raises(Leak, match=r"attention/(reference|misconceptions/\w+)\.py"):
        check_release({copied.name: copied.read_bytes()}, SOLUTIONS)
