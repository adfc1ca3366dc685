"""vitlab.submit: one zip that `autograder collect` reads; what is missing is said, and nothing raises."""

import json
import os
import sys
import types
import zipfile

import pytest
import vitlab
from archives import notebook as notebook_of
from archives import zipped
from vitlab import fixtures, submission
from vitlab.trained import HDF5

from autograder.collect.collect import collect
from autograder.lessons import CHECKOUT
from autograder.root import open_root

LESSON, ITEM = "02_multihead", "train_reverser"
ARGUMENTS = {"length": 16, "vocabulary": 10, "dim": 32, "num_heads": 2}
NOTEBOOK, ZIP = f"{LESSON}.ipynb", f"{LESSON}.zip"
WEIGHTS, TEXT = f"artifacts/{ITEM}.weights.h5", f"artifacts/{ITEM}.json"
BUILT = (CHECKOUT / "course" / LESSON / NOTEBOOK).read_bytes()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A student's folder: the lesson's notebook and a trained model."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    (tmp_path / NOTEBOOK).write_bytes(BUILT)
    (tmp_path / "artifacts").mkdir()
    (tmp_path / WEIGHTS).write_bytes(HDF5 + b"weights")
    (tmp_path / TEXT).write_text(json.dumps(ARGUMENTS))
    return tmp_path


@pytest.fixture
def said(capsys):
    """What submit() prints."""

    def run(*given):
        vitlab.submit(*given)
        return capsys.readouterr().out

    return run


def held(path):
    """Name to content of a zip."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class Colab:
    """google.colab as far as submit() uses it."""

    def __init__(self, document, fails_to_download=False):
        self.document, self.fails_to_download, self.downloaded = document, fails_to_download, []

    def blocking_request(self, what, request="", timeout_sec=5, parent=None):
        """As Colab's."""
        assert what == "get_ipynb"
        if isinstance(self.document, Exception):
            raise self.document
        return self.document and {"ipynb": self.document}

    def download(self, path):
        """As Colab's."""
        if self.fails_to_download:
            raise RuntimeError("no browser")
        self.downloaded.append(held(path))


@pytest.fixture
def in_colab(monkeypatch):
    """Puts a fake google.colab in place."""

    def put(document, **given):
        made = Colab(document, **given)
        parts = {"files": {"download": made.download}, "_message": {"blocking_request": made.blocking_request}}
        for name in ("google", "google.colab", *(f"google.colab.{part}" for part in parts)):
            module = types.ModuleType(name)
            vars(module).update(parts.get(name.rpartition(".")[2], {}))
            monkeypatch.setitem(sys.modules, name, module)
        return made

    return put


# what the zip holds


def test_the_zip_holds_the_notebook_and_the_two_files_as_they_are(folder, said):
    words = said()
    assert held(folder / ZIP) == {
        NOTEBOOK: BUILT,
        WEIGHTS: HDF5 + b"weights",
        TEXT: json.dumps(ARGUMENTS).encode(),
    }
    assert all(name in words for name in (ZIP, NOTEBOOK, WEIGHTS, TEXT, "Hand in this one file"))
    assert "Missing" not in words


def test_collect_takes_every_file_of_the_zip_to_its_place(folder, said, tmp_path_factory):
    said()
    course = tmp_path_factory.mktemp("course")
    (course / "source" / LESSON).mkdir(parents=True)
    (course / "source" / LESSON / NOTEBOOK).write_bytes(notebook_of())
    (course / "submitted").mkdir()
    for name in ("nbgrader_config.py", "secret_seed"):
        (course / name).write_text("")
    archive = course / "download.zip"
    archive.write_bytes(zipped({f"ada_101_5551_{ZIP}": (folder / ZIP).read_bytes()}))
    (row,) = collect(open_root(course), archive, LESSON, "canvas").rows
    assert (row.outcome, row.renamed, row.ignored, row.refused) == ("collected", (), (), ())
    there = course / "submitted" / row.student / LESSON
    assert {str(path.relative_to(there)) for path in there.rglob("*.*")} >= {NOTEBOOK, WEIGHTS, TEXT}
    assert (there / WEIGHTS).read_bytes() == HDF5 + b"weights"


def test_a_lesson_without_a_trained_item_is_its_notebook(folder, said):
    other = (CHECKOUT / "course/01_attention/01_attention.ipynb").read_bytes()
    (folder / "01_attention.ipynb").write_bytes(other)
    assert "Missing" not in said("01_attention.ipynb")
    assert held(folder / "01_attention.zip") == {"01_attention.ipynb": other}


def test_a_renamed_copy_goes_in_under_the_lessons_name(folder, said):
    (folder / NOTEBOOK).rename(folder / "my work (2).ipynb")
    said()
    assert NOTEBOOK in held(folder / ZIP)


def test_a_notebook_that_lost_its_metadata_is_known_by_its_cells_and_its_file(folder, said):
    document = json.loads(BUILT)
    del document["metadata"]["vitlab"]
    (folder / NOTEBOOK).rename(folder / "gone.ipynb")
    (folder / f"{LESSON} (1).ipynb").write_text(json.dumps(document))
    said(f"{LESSON} (1).ipynb")
    assert set(held(folder / ZIP)) == {NOTEBOOK, WEIGHTS, TEXT}


def test_handing_in_again_replaces_the_zip(folder, said):
    said()
    (folder / WEIGHTS).write_bytes(HDF5 + b"better")
    said()
    assert held(folder / ZIP)[WEIGHTS] == HDF5 + b"better"
    assert sorted(path.name for path in folder.iterdir()) == sorted([ZIP, NOTEBOOK, "artifacts"])


# finding the notebook


def test_of_several_notebooks_the_running_one_is_taken(folder, said, monkeypatch):
    (folder / "scratch.ipynb").write_bytes(notebook_of())
    monkeypatch.setenv("JPY_SESSION_NAME", f"somewhere/below/{NOTEBOOK}")
    said()
    assert held(folder / ZIP)[NOTEBOOK] == BUILT


def test_of_several_notebooks_none_is_guessed(folder, said):
    (folder / "scratch.ipynb").write_bytes(notebook_of())
    words = said()
    assert "scratch.ipynb" in words
    assert "submit('NAME.ipynb')" in words
    assert "By hand" in words
    assert set(held(folder / f"{LESSON}-without-notebook.zip")) == {WEIGHTS, TEXT}


def test_a_notebook_that_is_not_there_is_named(folder, said):
    assert "Missing: the notebook nowhere.ipynb" in said("nowhere.ipynb")


def test_it_says_when_the_notebook_was_saved(folder, said):
    now = (folder / NOTEBOOK).stat().st_mtime
    os.utime(folder / NOTEBOOK, (now - 600, now - 600))
    assert "as saved 10 min ago" in said()


# what is missing


def test_a_missing_model_is_said_and_the_notebook_goes_in_alone(folder, said):
    (folder / WEIGHTS).unlink()
    (folder / TEXT).unlink()
    words = said()
    assert f"{WEIGHTS}: there is no such file yet" in words
    assert f"{TEXT}: there is no such file yet" in words
    assert "without a model" in words
    assert set(held(folder / ZIP)) == {NOTEBOOK}


def test_arguments_that_are_not_allowed_are_said_and_go_in_all_the_same(folder, said):
    (folder / TEXT).write_text(json.dumps({**ARGUMENTS, "dim": 4000}))
    assert "expected dim to be" in said()
    assert TEXT in held(folder / ZIP)


def test_an_empty_folder_is_told_how_to_do_it_by_hand(tmp_path, monkeypatch, said):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    words = said()
    assert "nothing to hand in" in words
    assert "By hand" in words
    assert list(tmp_path.iterdir()) == []


BROKEN = {
    "no JSON": b"{",
    "JSON of another kind": b"[1, 2]",
    "no cells": b'{"metadata": {}}',
    "not text": bytes(range(128, 256)),
    "brackets without end": b"[" * 100_000,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_a_broken_notebook_is_said_and_goes_in_as_it_is(folder, said, content):
    (folder / NOTEBOOK).write_bytes(content)
    assert "no notebook that can be read" in said()
    assert held(folder / ZIP)[NOTEBOOK] == content


STRANGE = {
    "metadata of another kind": {"metadata": [], "cells": []},
    "cells of another kind": {"metadata": {}, "cells": [1, {"metadata": None}, {"metadata": {"nbgrader": 3}}]},
    "marks of another kind": {"metadata": {"vitlab": "x"}, "cells": []},
    "a name that is a path": {"metadata": {"vitlab": {"assignment": "../../x", "trained": 3}}, "cells": []},
    "a name that is a list": {"metadata": {"vitlab": {"assignment": ["x"], "trained": ["x"]}}, "cells": []},
}


@pytest.mark.parametrize("document", STRANGE.values(), ids=STRANGE)
def test_strange_metadata_raises_nothing_and_leaves_the_folder_nowhere(folder, said, document):
    (folder / NOTEBOOK).write_text(json.dumps(document))
    said()
    assert NOTEBOOK in held(folder / ZIP)


def test_a_large_notebook_is_told_what_to_do(folder, said, monkeypatch):
    monkeypatch.setattr(submission, "MAX_NOTEBOOK", 1000)
    assert "clear the outputs" in said()


def test_a_zip_that_cannot_be_written_is_said(folder, said):
    (folder / ZIP).mkdir()
    words = said()
    assert "could not be written" in words
    assert "By hand" in words
    assert sorted(path.name for path in folder.iterdir()) == sorted([ZIP, NOTEBOOK, "artifacts"])


# Colab


def test_in_colab_the_page_hands_over_the_notebook_and_the_browser_downloads_the_zip(folder, said, in_colab):
    document = {**json.loads(BUILT), "nbformat_minor": 0}
    document["metadata"]["colab"] = {"name": "Copy of it.ipynb"}
    (folder / NOTEBOOK).unlink()
    colab = in_colab(document)
    words = said()
    (downloaded,) = colab.downloaded
    assert json.loads(downloaded[NOTEBOOK]) == document
    assert set(downloaded) == {NOTEBOOK, WEIGHTS, TEXT}
    assert "browser downloads it" in words


def test_colabs_own_name_is_used_where_the_notebook_has_no_other(folder, said, in_colab):
    in_colab({"cells": [], "metadata": {"colab": {"name": f"{LESSON}.ipynb"}}})
    said()
    assert NOTEBOOK in held(folder / ZIP)


@pytest.mark.parametrize("answer", [TimeoutError(), None, {}, {"metadata": 3}], ids=repr)
def test_when_colab_hands_over_no_notebook_the_weights_go_alone(folder, said, in_colab, answer):
    colab = in_colab(answer)
    words = said()
    assert "Download .ipynb" in words
    assert set(colab.downloaded[0]) >= {WEIGHTS, TEXT}


def test_when_the_browser_does_not_take_the_zip_it_lies_in_the_folder(folder, said, in_colab):
    in_colab(json.loads(BUILT), fails_to_download=True)
    assert "folder symbol" in said()
    assert NOTEBOOK in held(folder / ZIP)


# names


def test_a_trained_item_knows_its_lesson():
    assert fixtures.lesson_of(ITEM) == LESSON
    assert fixtures.lesson_of("train_nothing") == ""


@pytest.mark.parametrize(("count", "words"), [(5, "5 B"), (2048, "2 kB"), (3 * 2**20, "3.0 MB")])
def test_sizes_are_short(count, words):
    assert submission.size(bytes(count)) == words
