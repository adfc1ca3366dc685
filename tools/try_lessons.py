"""Try all lessons in the environment that runs this: the solved notebooks, and every check of every known answer.

    PYTHONPATH=. python tools/try_lessons.py FOLDER [--json FILE] [--keep FOLDER]

FOLDER is what tools/solved_notebooks.py wrote. Needs vitlab, keras and nbclient, and of the instructor's environment
nothing. Prints one line for each lesson, and what went wrong; exits 1 if anything did.

A notebook is right when it runs to its end, all its checks pass, and no demo stopped. A known answer is treated rightly
when check() lets references and accepted variants pass, and wrong variants fail with their own hint or with none.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from trained_there import keep_trained
from vitlab.checking import examine

LIBRARIES = ("ipython", "keras", "matplotlib", "numpy", "tensorflow")


def faults_of_notebook(path, keep):
    """What went wrong when a solved notebook ran, in words; an empty list if nothing did.

    Args:
        path: the notebook.
        keep: None, or the folder for what it trained.
    """
    notebook = nbformat.read(path, as_version=4)
    with tempfile.TemporaryDirectory() as folder:
        where = {"metadata": {"path": folder}}
        try:
            NotebookClient(notebook, timeout=600, kernel_name="python3", resources=where).execute()
        except CellExecutionError as error:
            return [f"notebook: {str(error).strip().splitlines()[-1]}"]
        if keep:
            keep_trained(path.stem, Path(folder, "artifacts"), keep)
    return [fault for cell in notebook.cells for fault in faults_of_cell(cell)]


def faults_of_cell(cell):
    """What went wrong in one cell that ran."""
    outputs = cell.get("outputs", [])
    printed = "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")
    cards = "".join(output.data.get("text/plain", "") for output in outputs if output.output_type == "display_data")
    name = cell.metadata.get("nbgrader", {}).get("grade_id", "a demo")
    if name.startswith("check_") and name != "check_trained" and ("cases right" not in cards or "  wrong  " in cards):
        yield f"{name}: {cards or 'no card'}"
    if "The demo stopped" in printed or "This demo" in printed:
        yield f"{name}: {printed.strip()}"


def try_answers(lesson):
    """Every known answer goes through check(): -> (answers, wrong variants that were named, faults in words)."""
    reference, cases, misconceptions = (
        import_module(f"solutions.{lesson}.{part}") for part in ("reference", "cases", "misconceptions")
    )
    known = [one for one in misconceptions.MISCONCEPTIONS if one.kind != "question"]
    answers = [("reference", "accepted", getattr(reference, exercise.name), ()) for exercise in cases.EXERCISES]
    answers += [(one.id, one.kind, handed_in(one), (one.id, one.twin)) for one in known]
    named, faults = 0, []
    for name, kind, function, hints in answers:
        result = examine(function)
        named += result.misconception in hints and kind == "variant"
        right = result.passed if kind == "accepted" else not result.passed
        if not right or result.misconception not in (*hints, None):
            faults.append(f"{kind} {name} of {function.__name__}: {result}")
    return len(answers), named, faults


def handed_in(known):
    """A known answer under the name of its exercise."""
    if isinstance(known.function, type):
        return type(known.exercise, (known.function,), {})

    def answer(*args, **kwargs):
        return known.function(*args, **kwargs)

    answer.__name__ = known.exercise
    return answer


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="where to keep what was found")
    parser.add_argument("--keep", type=Path, help="a folder for what the notebooks train")
    given = parser.parse_args()
    found = {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}
    found |= {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    print(*(f"{name} {value}" for name, value in found.items()), sep=", ", flush=True)
    found["lessons"] = {}
    for path in sorted(given.folder.glob("*.ipynb")):
        began = time.monotonic()
        faults = faults_of_notebook(path, given.keep)
        seconds = round(time.monotonic() - began, 1)
        answers, named, wrong = try_answers(path.stem.partition("_")[2])
        faults += wrong
        found["lessons"][path.stem] = {
            "notebook_seconds": seconds, "answers": answers, "named": named, "faults": faults
        }  # fmt: skip
        print(f"{path.stem}: notebook {seconds} s, {answers} answers, {named} named, {len(faults)} faults", flush=True)
        print(*faults, sep="\n", end="\n" if faults else "")
    if given.json:
        given.json.parent.mkdir(parents=True, exist_ok=True)
        given.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    sys.exit(any(lesson["faults"] for lesson in found["lessons"].values()))


if __name__ == "__main__":
    main()
