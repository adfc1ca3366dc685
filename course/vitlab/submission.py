"""submit(): notebook and trained files in one zip, as the course collects it. In Colab the browser downloads it."""

import json
import os
import re
import sys
import tempfile
import time
import zipfile
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from vitlab import fixtures
from vitlab.trained import FOLDER, file_names, text_problem, weights_problem

MAX_NOTEBOOK = 20 * 2**20
COPY = re.compile(r"(?: ?\(\d+\)|-Copy\d+)+$")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")
SECONDS = 30
"""How long Colab may take to hand over the notebook."""
BY_HAND = (
    "By hand: save the notebook (in Colab: File, Download, Download .ipynb), take the two files of every trained model "
    f"from the folder {FOLDER} (in Colab: the folder symbol on the left), and hand in all of them, loose or in one zip."
)


@dataclass(frozen=True)
class Found:
    """A notebook as it is handed in."""

    content: bytes
    name: str
    """Of its file, or as Colab shows it."""
    note: str
    """Where it comes from and when it was saved, for people."""


def submit(notebook=None):
    """Put notebook and trained files into one zip beside the notebook, and say what it holds and what is missing.

    In Colab the browser downloads the zip; elsewhere hand in the file from the folder. The notebook goes in as it is:
    outside Colab as it was last saved, so save it first. Never raises: where something is missing it says what, and
    how to do it by hand.

    Args:
        notebook: path of the notebook. None finds it.
    """
    lines, problems, files = [], [], {}
    found = find_notebook(notebook, problems)
    document = parsed(found, problems)
    names = trained_names(document)
    assignment = assignment_of(document, found, names)
    if found:
        file, cells = f"{assignment}.ipynb", len(document.get("cells", ()))
        files[file] = found.content
        lines.append(f"{file}: your notebook {found.note}, {cells} cells, {size(found.content)}")
    for name in names:
        take_trained(name, files, lines, problems)
    path = Path(f"{assignment}.zip" if found else f"{assignment}-without-notebook.zip")
    if files and written(path, files, problems):
        say([f"{path} ({size(path.read_bytes())}) is ready. It holds", *(f"  {line}" for line in lines)], problems)
        hand_over(path, "Hand in this one file" if found else f"{BY_HAND} Or hand in the notebook and this file")
    else:
        say(["There is nothing to hand in here." if not files else "There is no zip."], problems)
        print(BY_HAND)


def say(lines, problems):
    """Print what is ready, then what is not."""
    print("\n".join([*lines, *(["Not ready:"] if problems else []), *(f"  {line}" for line in problems)]))


def hand_over(path, words):
    """Let Colab's browser download the zip; elsewhere say where it lies.

    Args:
        path: of the zip.
        words: what to do with it.
    """
    files = colab("files")
    if files is None:
        print(f"{words}: {path.resolve()}")
        return
    by_hand = f"click the folder symbol on the left and download {path}"
    try:
        files.download(str(path))
        print(f"{words}; your browser downloads it now. If none comes, {by_hand}.")
    except Exception as error:  # the browser's side can fail in many ways, and the file is there
        print(f"{words}. The browser did not take it ({type(error).__name__}): {by_hand}.")


def find_notebook(path, problems):
    """The notebook by its path, from Colab, or beside this program; None, and a problem more, where it is not found."""
    if path is None and colab("_message"):
        return from_colab(problems)
    chosen = Path(path) if path is not None else beside(problems)
    if chosen is None:
        return None
    try:
        content, saved = chosen.read_bytes(), chosen.stat().st_mtime
    except OSError as error:
        problems.append(f"Missing: the notebook {chosen} ({error.strerror}).")
        return None
    return Found(content, chosen.name, f"as saved {ago(time.time() - saved)} ago")


def from_colab(problems):
    """The notebook as Colab's page shows it; a program has no file of it there."""
    try:
        answer = colab("_message").blocking_request("get_ipynb", request="", timeout_sec=SECONDS)
        document = answer["ipynb"]
        text = json.dumps({**document, "cells": [*document["cells"]]}, indent=1, ensure_ascii=False)
    except Exception as error:  # a private call of Colab's, which promises nothing
        problems.append(f"Missing: the notebook. Colab did not hand it over ({type(error).__name__}).")
        return None
    return Found(
        text.encode(errors="surrogatepass"),
        str(dig(document, "metadata", "colab", "name") or ""),
        "as this page shows it",
    )


def beside(problems):
    """The path of the notebook that runs this, or of the only one in the folder; None and a problem where unknown."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    told = getattr(shell, "user_ns", {}).get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")
    if told and Path(told).suffix == ".ipynb":
        near = Path(told).name
        found = [path for path in (Path(told), Path(near)) if path.is_file()]
        if found:
            return found[0]
    here = sorted(Path(".").glob("*.ipynb"))
    if len(here) == 1:
        return here[0]
    there = f"There are {', '.join(path.name for path in here[:5])}" if here else f"There is none in {Path.cwd()}"
    problems.append(f"Missing: the notebook. {there}. Say which one it is: submit('NAME.ipynb').")
    return None


def colab(module):
    """A module of google.colab, or None outside Colab."""
    try:
        return import_module(f"google.colab.{module}")
    except ImportError:
        return None


def parsed(found, problems):
    """The notebook as data, {} where there is none; whatever it holds goes in as it is."""
    if found is None:
        return {}
    try:
        document = json.loads(found.content)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict) or not isinstance(document.get("cells"), list):
        problems.append(f"{found.name} is no notebook that can be read. Save it again, then call submit() again.")
        return {}
    if len(found.content) > MAX_NOTEBOOK:
        problems.append(
            f"The notebook has {size(found.content)}, and the grader takes 20 MB at most: clear the outputs of the "
            "cells with many pictures, save it, and call submit() again."
        )
    return document


def dig(value, *keys):
    """The value below a row of keys, None where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def trained_names(document):
    """The trained items of a notebook; without a notebook, those whose files are here."""
    known = fixtures.trained_items()
    if document:
        marks = [dig(cell, "metadata", "nbgrader", "grade_id") for cell in document["cells"]]
        wanted = [dig(document, "metadata", "vitlab", "trained"), *marks]
        return [name for name in known if name in wanted]
    return [name for name in known if any(Path(FOLDER, file).exists() for file in file_names(name))]


def assignment_of(document, found, names):
    """The assignment's name: as the notebook says, as its file is called, or that of its trained item."""
    told = dig(document, "metadata", "vitlab", "assignment")
    stem = COPY.sub("", Path(found.name).stem) if found else ""
    guesses = [told, stem, *(fixtures.lesson_of(name) for name in names)]
    return next((guess for guess in guesses if isinstance(guess, str) and NAME.fullmatch(guess)), "submission")


def take_trained(name, files, lines, problems):
    """Add the two files of a trained item, as far as they are there, and say what check_trained would."""
    weights, text = (Path(FOLDER, file) for file in file_names(name))
    words = {weights: "the weights of your trained model", text: "the arguments that rebuild it"}
    wrong = {weights: weights_problem(weights), text: text_problem(text, fixtures.trained_items()[name])}
    for path, what in words.items():
        try:
            files[path.as_posix()] = path.read_bytes()
            lines.append(f"{path.as_posix()}: {what}, {size(files[path.as_posix()])}")
        except OSError:
            wrong[path] = wrong[path] or "it cannot be read"
    problems += [f"{path.as_posix()}: {problem}." for path, problem in wrong.items() if problem]
    if weights.as_posix() not in files:
        problems.append(f"You can hand in without a model of {name}; that item then earns nothing.")


def written(path, files, problems):
    """Write a zip of name to content, whole or not at all; whether it could be written, else a problem more."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".zip")
        try:
            with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, content in files.items():
                    archive.writestr(name, content)
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        problems.append(f"{path} could not be written: {error.strerror}.")
        return False
    return True


def size(content):
    """How much it is, for people."""
    count = len(content)
    return (
        f"{count / 2**20:.1f} MB" if count >= 2**20 else f"{count / 2**10:.0f} kB" if count >= 2**10 else f"{count} B"
    )


def ago(seconds):
    """Seconds in words."""
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min" if seconds < 7200 else "hours"
