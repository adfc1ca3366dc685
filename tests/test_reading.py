"""Reading a submission: whatever lies in the folder becomes cells or words that say what to do."""

import json
import os

import pytest

import autograder.read.notebook as module
from autograder.read.notebook import Cell, Refused, parse, read_cells, read_regular, read_submission

ASSIGNMENT = "01_attention"
FILE = f"{ASSIGNMENT}.ipynb"
SAVE_AGAIN = "Open it in Jupyter or Colab, save it again and hand in that file."


def code(source, grade_id=None):
    """A code cell of a notebook file."""
    metadata = {"nbgrader": {"grade_id": grade_id}} if grade_id else {}
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def notebook(*cells, **metadata):
    """A notebook's bytes."""
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()


def handed_in(folder, **files):
    """The submission that a folder of these files makes."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return read_submission(folder, "ada", ASSIGNMENT)


GOOD = notebook(code("x = 1", "softmax_rows"))

REFUSED = {
    "empty": (b"", f"The file is empty. {SAVE_AGAIN}"),
    "blank": (b" \n\t\n", f"The file is empty. {SAVE_AGAIN}"),
    "broken JSON": (b'{"cells": [\n{"a": }]}', f"Expected JSON. It breaks at line 2: Expecting value. {SAVE_AGAIN}"),
    "cut short": (GOOD[:-20], "Expected JSON. It breaks at line 1: "),
    "not UTF-8": (b'{"cells": "\xff"}', f"Expected UTF-8 text. Byte 11 is not. {SAVE_AGAIN}"),
    "a list": (b"[1, 2]", f"Expected a notebook. Received: JSON that is a list. {SAVE_AGAIN}"),
    "a string": (b'"notebook"', f"Expected a notebook. Received: JSON that is a str. {SAVE_AGAIN}"),
    "null": (b"null", f"Expected a notebook. Received: JSON that is a NoneType. {SAVE_AGAIN}"),
    "no cells": (b"{}", f"Expected a notebook with cells. Received: JSON without them. {SAVE_AGAIN}"),
    "cells are no list": (
        b'{"cells": {}}',
        f"Expected a notebook with cells. Received: JSON without them. {SAVE_AGAIN}",
    ),
    "deep": (b"[" * 100_000 + b"]" * 100_000, f"The JSON is nested too deep for a notebook. {SAVE_AGAIN}"),
    "a huge number": (b'{"cells": ' + b"9" * 5000 + b"}", "Expected JSON. It breaks at line ?: a number is too long. "),
    "an old notebook without sense": (
        b'{"worksheets": [3], "nbformat": 3}',
        "An old notebook that cannot be converted (",
    ),
    "a web page": (b"<!DOCTYPE html><html></html>", "Expected JSON. It breaks at line 1: Expecting value. "),
}


@pytest.mark.parametrize(("content", "words"), REFUSED.values(), ids=REFUSED)
def test_a_file_that_is_no_notebook_is_refused_in_words(tmp_path, content, words):
    submission = handed_in(tmp_path, **{FILE: content})
    assert (submission.outcome, submission.cells) == ("refused", ())
    assert submission.problem.startswith(f"{FILE}: {words}")


@pytest.mark.parametrize("content", [content for content, _ in REFUSED.values()], ids=REFUSED)
def test_every_refusal_says_what_to_do(tmp_path, content):
    assert handed_in(tmp_path, **{FILE: content}).problem.endswith(SAVE_AGAIN)


def test_a_good_notebook_has_cells_and_no_problem(tmp_path):
    submission = handed_in(tmp_path, **{FILE: GOOD})
    assert (submission.problem, submission.flags) == ("", ())
    assert submission.cells == (Cell("softmax_rows", "softmax_rows", "code", "x = 1"),)


def test_identity_comes_from_the_path_not_from_the_file(tmp_path):
    submission = handed_in(tmp_path, **{FILE: notebook(vitlab={"student": "eve"})})
    assert (submission.student, submission.assignment) == ("ada", ASSIGNMENT)


# which file


def test_no_folder_means_nothing_was_handed_in(tmp_path):
    submission = read_submission(tmp_path / "nowhere", "ada", ASSIGNMENT)
    assert (submission.outcome, submission.problem) == ("missing", f"Nothing was handed in. Expected the file {FILE}.")


def test_a_folder_without_a_notebook_is_told_what_was_found(tmp_path):
    submission = handed_in(tmp_path, **{"notes.txt": b"", ".hidden.ipynb": GOOD})
    assert submission.outcome == "missing"
    assert submission.problem == f"There is no notebook. Expected the file {FILE}. Found: notes.txt."


def test_an_empty_folder_is_told_what_was_expected(tmp_path):
    assert handed_in(tmp_path).problem == f"There is no notebook. Expected the file {FILE}."


@pytest.mark.parametrize("name", ["01_attention (1).ipynb", "Copy of 01_attention.IPYNB", "übung.ipynb"])
def test_a_single_renamed_notebook_is_read_and_flagged(tmp_path, name):
    submission = handed_in(tmp_path, **{name: GOOD})
    assert (len(submission.cells), submission.flags) == (1, (f"renamed: {name}",))


def test_two_notebooks_of_other_names_are_a_guess_that_nobody_makes(tmp_path):
    submission = handed_in(tmp_path, **{"a.ipynb": GOOD, "b.ipynb": GOOD})
    assert submission.outcome == "missing"
    assert (
        submission.problem == f"Expected one notebook, {FILE}. Found 2: a.ipynb, b.ipynb. Hand in one, under that name."
    )


def test_the_notebook_under_the_right_name_counts_and_others_are_flagged(tmp_path):
    submission = handed_in(tmp_path, **{FILE: GOOD, "old.ipynb": b"broken"})
    assert (len(submission.cells), submission.flags) == (1, ("ignored: old.ipynb",))


def test_the_notebook_of_another_assignment_is_told_so(tmp_path):
    submission = handed_in(tmp_path, **{FILE: notebook(vitlab={"assignment": "02_multihead"})})
    assert (submission.outcome, submission.cells) == ("missing", ())
    assert submission.problem == (
        f"{FILE} is the notebook of 02_multihead. Expected the one of {ASSIGNMENT}: hand in that file."
    )


@pytest.mark.parametrize("mark", [None, 3, [], {}, {"assignment": 3}, {"assignment": "x" * 101}])
def test_a_mark_that_a_student_changed_is_passed_over(tmp_path, mark):
    submission = handed_in(tmp_path, **{FILE: notebook(code("x = 1"), vitlab=mark)})
    assert (submission.problem, len(submission.cells)) == ("", 1)


def test_the_release_is_read_from_the_metadata(tmp_path):
    assert handed_in(tmp_path, **{FILE: notebook(vitlab={"release_id": "abc"})}).release_id == "abc"


# what is no plain file


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_a_link_is_never_followed(tmp_path, target):
    (tmp_path / "elsewhere").write_bytes(GOOD)
    folder = tmp_path / "submitted"
    folder.mkdir()
    (folder / FILE).symlink_to(tmp_path / target)
    submission = read_submission(folder, "ada", ASSIGNMENT)
    assert submission.outcome == "refused"
    assert submission.problem == f"{FILE}: Expected a notebook file. Received: a link. Hand in the file itself."


def test_a_folder_named_like_the_notebook_is_refused(tmp_path):
    (tmp_path / FILE).mkdir()
    submission = handed_in(tmp_path)
    assert submission.outcome == "refused"
    assert (
        submission.problem
        == f"{FILE}: Expected a notebook file. Received: a folder or a device. Hand in the file itself."
    )


def test_a_pipe_named_like_the_notebook_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / FILE)
    assert handed_in(tmp_path).outcome == "refused"


def test_a_file_that_is_too_large_is_refused_with_its_size(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_NOTEBOOK", 2**20)
    submission = handed_in(tmp_path, **{FILE: b" " * (3 * 2**20)})
    assert submission.outcome == "refused"
    assert submission.problem == f"{FILE}: Expected at most 1 MB. Received: 3 MB. Clear large outputs and save again."


def test_a_file_of_just_the_limit_is_read(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 101)
    assert len(read_regular(tmp_path / "file", 101)) == 101


def test_one_byte_over_the_limit_is_refused(tmp_path):
    (tmp_path / "file").write_bytes(b"x" * 101)
    with pytest.raises(Refused):
        read_regular(tmp_path / "file", 100)


# cells

ODD_CELLS = {
    "no dict": 3,
    "null": None,
    "no type": {"source": "x = 1"},
    "a type that is no text": {"cell_type": 3, "source": "x = 1"},
    "a source that is no text": {"cell_type": "code", "source": 3},
}


@pytest.mark.parametrize("odd", ODD_CELLS.values(), ids=ODD_CELLS)
def test_a_broken_cell_is_passed_over_and_the_others_are_read(odd):
    cells = read_cells({"cells": [code("a"), odd, code("b")]})
    assert [(cell.label, cell.source) for cell in cells] == [("cell 1", "a"), ("cell 3", "b")]


def test_a_source_in_lines_is_joined():
    assert read_cells({"cells": [code(["a = 1\n", "b = 2"])]})[0].source == "a = 1\nb = 2"


def test_what_is_no_text_in_a_source_is_passed_over():
    assert read_cells({"cells": [code(["a = 1\n", None, 3, "b = 2"])]})[0].source == "a = 1\nb = 2"


@pytest.mark.parametrize(
    "metadata", [None, [], {"nbgrader": None}, {"nbgrader": {"grade_id": 3}}, {"nbgrader": {"grade_id": ""}}]
)
def test_a_broken_mark_leaves_a_cell_without_an_id(metadata):
    assert read_cells({"cells": [{**code("a"), "metadata": metadata}]})[0] == Cell("cell 1", None, "code", "a")


def test_ten_thousand_cells_are_read(tmp_path):
    submission = handed_in(tmp_path, **{FILE: notebook(*[code(f"x = {i}") for i in range(10_000)])})
    assert len(submission.cells) == 10_000
    assert submission.cells[-1].label == "cell 10000"


def test_a_byte_order_mark_does_no_harm(tmp_path):
    assert len(handed_in(tmp_path, **{FILE: b"\xef\xbb\xbf" + GOOD}).cells) == 1


def test_other_letters_come_through(tmp_path):
    assert handed_in(tmp_path, **{FILE: notebook(code("# größer ≥ 注意"))}).cells[0].source == "# größer ≥ 注意"


def test_an_old_notebook_with_worksheets_is_read():
    cell = {
        "cell_type": "code",
        "input": "x = 1",
        "outputs": [],
        "language": "python",
        "collapsed": False,
        "metadata": {},
    }
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    assert [cell.source for cell in read_cells(parse(json.dumps(old).encode()))] == ["x = 1"]


def test_the_hash_is_that_of_the_file(tmp_path):
    one = handed_in(tmp_path, **{FILE: GOOD}).sha256
    other = handed_in(tmp_path, **{FILE: GOOD + b" "}).sha256
    assert one != other


HALF = "\ud800"  # half of a surrogate pair: JSON may hold it, UTF-8 may not


@pytest.mark.parametrize(
    "content",
    [
        notebook(code("x = 1"), vitlab={"release_id": HALF}),
        notebook(code("x = 1"), vitlab={"assignment": HALF}),
        notebook(code("x = 1", grade_id=HALF)),
    ],
    ids=["release", "assignment", "grade id"],
)
def test_the_words_about_a_submission_can_be_written_to_a_file(tmp_path, content):
    submission = handed_in(tmp_path, **{FILE: content})
    words = [submission.problem, submission.release_id, *submission.flags, *[cell.label for cell in submission.cells]]
    assert json.dumps(words, ensure_ascii=False).encode()


def test_a_file_name_that_is_not_utf8_can_be_written_to_a_file(tmp_path):
    (tmp_path / os.fsdecode(b"\xff.ipynb")).write_bytes(GOOD)
    submission = handed_in(tmp_path)
    assert json.dumps([submission.problem, *submission.flags], ensure_ascii=False).encode()
