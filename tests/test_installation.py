"""python -m vitlab: what is there is called ready, what is missing is named with what to do."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError

import pytest
from vitlab import checking, fixtures, installation
from vitlab.installation import LOWEST, Line, examine, report
from vitlab.result import CheckResult

from autograder.lessons import CHECKOUT, known_lessons


def with_version(monkeypatch, name, found):
    """Let a package seem to have another version; None: not to be there."""
    real = installation.version

    def version(asked):
        if asked == name and found is None:
            raise PackageNotFoundError(asked)
        return found if asked == name else real(asked)

    monkeypatch.setattr(installation, "version", version)


def test_a_sound_installation_is_called_ready_and_ends_with_code_0(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "vitlab"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "Everything is ready" in done.stdout
    assert "check() works" in done.stdout
    assert all(name in done.stdout for name in known_lessons())


def test_the_lowest_versions_are_those_of_the_students_package():
    project = tomllib.loads((CHECKOUT / "course/pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = dict(part.split(">=") for part in [f"python{project['requires-python']}", *project["dependencies"]])
    assert {name: ".".join(map(str, parts)) for name, parts in LOWEST.items()} == asked


@pytest.mark.parametrize("name", ["keras", "numpy", "matplotlib"])
@pytest.mark.parametrize(("found", "words"), [(None, "not installed"), ("0.9.2", "0.9.2 is too old")])
def test_a_package_that_is_missing_or_too_old_must_be_fixed_with_a_command(monkeypatch, name, found, words):
    with_version(monkeypatch, name, found)
    line = installation.package_line(name)
    assert (line.mark, f'pip install --upgrade "{name}>=' in line.advice) == ("FIX", True)
    assert words in line.text


@pytest.mark.parametrize("found", ["3.10.0", "3.15.1", "3.13.2rc1", "3.15"])
def test_a_version_between_the_lowest_and_the_newest_tried_is_fine(monkeypatch, found):
    with_version(monkeypatch, "keras", found)
    assert installation.package_line("keras") == Line("ok", f"keras {found}")


def test_a_version_newer_than_any_tried_is_a_note_and_no_fault(monkeypatch):
    with_version(monkeypatch, "keras", "4.1.0")
    line = installation.package_line("keras")
    assert (line.mark, "up to 3.15" in line.text) == ("note", True)


@pytest.mark.parametrize(("found", "mark"), [("3.9.18", "FIX"), ("3.11.2", "ok"), ("3.13.1", "ok"), ("3.14.0", "note")])
def test_pythons_version_is_judged(monkeypatch, found, mark):
    monkeypatch.setattr(installation.platform, "python_version", lambda: found)
    assert installation.python_line().mark == mark


def test_without_numpy_nothing_crashes_and_the_first_thing_to_fix_is_numpy(monkeypatch, capsys):
    with_version(monkeypatch, "numpy", None)
    assert report(examine()) == 1
    printed = capsys.readouterr().out
    assert "numpy is not installed" in printed
    assert "check() works" not in printed


def test_a_backend_that_is_not_there_is_told_by_name_and_how_to_choose_another(tmp_path):
    code = "import sys; from vitlab.installation import backend_line; print(backend_line()[1])"
    environment = {"KERAS_BACKEND": "jax", "PATH": "/usr/bin", "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert re.search(r"FIX.*No module named 'jax'.*KERAS_BACKEND to tensorflow", done.stdout)


@pytest.mark.parametrize(("count", "mark"), [(0, "note"), (1, "ok")])
def test_no_gpu_is_a_note_and_no_fault(monkeypatch, count, mark):
    monkeypatch.setattr(installation, "count_gpus", lambda backend: count)
    assert installation.device_line("tensorflow").mark == mark


def test_a_data_folder_without_the_file_must_be_fixed(monkeypatch, tmp_path):
    monkeypatch.setenv("VITLAB_DATA", str(tmp_path))
    assert installation.data_line().mark == "FIX"
    (tmp_path / "cifar10.npz").write_bytes(b"half a download")
    assert "no readable .npz" in installation.data_line().text


def test_cifar_in_a_folder_of_ones_own_or_kept_by_keras_is_found(monkeypatch, tmp_path):
    import numpy as np

    np.savez(tmp_path / "cifar10.npz", x_train=np.zeros(1))
    monkeypatch.setenv("VITLAB_DATA", str(tmp_path))
    assert installation.data_line().mark == "ok"
    monkeypatch.delenv("VITLAB_DATA")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert installation.data_line().mark == "note"
    (tmp_path / "datasets/cifar-10-batches-py-target").mkdir(parents=True)
    assert "downloaded before" in installation.data_line().text


def test_a_folder_that_cannot_be_written_must_be_fixed(tmp_path):
    line = installation.writing_line(tmp_path / "gone")
    assert (line.mark, "gone" in line.text) == ("FIX", True)


def test_a_notebook_whose_examples_are_missing_asks_for_its_install_cell(tmp_path):
    marked = {"metadata": {"vitlab": {"assignment": "04_vit_of_tomorrow"}}, "cells": []}
    (tmp_path / "04_vit_of_tomorrow").mkdir()
    (tmp_path / "04_vit_of_tomorrow/04_vit_of_tomorrow.ipynb").write_text(json.dumps(marked), encoding="utf-8")
    (tmp_path / "01_homework.ipynb").write_text("another course's, and broken", encoding="utf-8")
    line = installation.lessons_line(tmp_path)
    assert (line.mark, "04_vit_of_tomorrow" in line.text, "first code cell" in line.advice) == ("FIX", True, True)


def test_examples_that_cannot_be_read_are_named(monkeypatch, tmp_path):
    (tmp_path / "01_attention.npz").write_bytes(b"cut off")
    monkeypatch.setattr(fixtures, "__file__", str(tmp_path / "__init__.py"))
    line = installation.lessons_line(tmp_path)
    assert (line.mark, "01_attention cannot be read" in line.text) == ("FIX", True)


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (lambda obj: CheckResult(True), "a wrong one right"),
        (lambda obj: CheckResult(False), "a right answer wrong"),
        (lambda obj: 1 / 0, "ZeroDivisionError"),
    ],
)
def test_a_check_that_cannot_tell_right_from_wrong_must_be_fixed(monkeypatch, look, words):
    monkeypatch.setattr(checking, "examine", look)
    line = installation.check_line()
    assert (line.mark, words in line.text) == ("FIX", True)
