"""Looks at an installation: versions, devices, data, the lessons' examples, and whether check() works.

Imports Keras only where it is asked to, so that a broken installation still gets its answer in words.
"""

import json
import os
import platform
import re
import sys
import tempfile
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from zipfile import is_zipfile

from vitlab.quiet import quiet_stderr

LOWEST = {"python": (3, 11), "keras": (3, 10), "numpy": (1, 26), "matplotlib": (3, 8)}
TRIED = {"python": (3, 13), "keras": (3, 15), "tensorflow": (2, 21)}
"""The newest that the course was tried with."""
BACKENDS = ("tensorflow", "jax", "torch")
AGAIN = "then restart Python (in Colab: Runtime, Restart session) and run this again"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. mark: "ok", "note" (worth knowing) or "FIX"; advice says what to do."""

    mark: str
    text: str
    advice: str = ""


def report(lines):
    """Print each line as soon as it is known; the exit code: 1 when something must be fixed."""
    print("ViTLab: is everything here that the course needs?\n", flush=True)
    wrong = 0
    for line in lines:
        wrong += line.mark == "FIX"
        print(f"{line.mark:>5}  {line.text}", flush=True)
        if line.advice:
            print(f"       -> {line.advice}.", flush=True)
    print(f"\nTo fix: {wrong}. Begin with the first." if wrong else "\nEverything is ready. Have fun!")
    return 1 if wrong else 0


def examine():
    """All lines, in the order in which one would fix them."""
    yield python_line()
    packages = [package_line(name) for name in ("numpy", "matplotlib", "keras")]
    yield from packages
    ready = all(line.mark != "FIX" for line in packages)
    backend, line = backend_line() if ready else (None, None)
    if line:
        yield line
    if backend:
        yield device_line(backend)
    yield data_line()
    yield writing_line(Path())
    if ready:
        lessons = lessons_line(Path())
        yield lessons
        if backend and lessons.mark != "FIX":
            yield check_line()


def python_line():
    """This Python's version."""
    found = platform.python_version()
    if numbers(found) < LOWEST["python"]:
        wanted = dotted(LOWEST["python"])
        return Line("FIX", f"Python {found} is too old.", f"use Python {wanted} or newer; Colab has one")
    return line_of("python", f"Python {found}", found)


def package_line(name):
    """The version of a package that the course needs."""
    wanted = f'python -m pip install --upgrade "{name}>={dotted(LOWEST[name])}"'
    try:
        found = version(name)
    except PackageNotFoundError:
        return Line("FIX", f"{name} is not installed.", f"{wanted}, {AGAIN}")
    if numbers(found) < LOWEST[name]:
        return Line("FIX", f"{name} {found} is too old.", f"{wanted}, {AGAIN}")
    return line_of(name, f"{name} {found}", found)


def line_of(name, text, found):
    """A line for a version that is new enough, perhaps newer than any that was tried."""
    newest = TRIED.get(name)
    if newest and numbers(found)[: len(newest)] > newest:
        tried = f"The course was tried up to {dotted(newest)}"
        return Line("note", f"{text} is very new. {tried}; if something looks odd, tell your teacher this number.")
    return Line("ok", text)


def backend_line():
    """(name of Keras's backend or None, its line)."""
    try:
        with quiet_stderr():
            import keras

            name = keras.backend.backend()
            keras.ops.convert_to_numpy(keras.ops.ones(2) + 1)
    except Exception as error:
        there = [other for other in BACKENDS if find_spec(other)]
        text = f"Keras does not start: {type(error).__name__}: {first_line(error)}"
        if there:
            return None, Line("FIX", text, f"set the environment variable KERAS_BACKEND to {there[0]}, {AGAIN}")
        return None, Line("FIX", text, f"it needs a backend: python -m pip install tensorflow, {AGAIN}")
    found = getattr(sys.modules.get(name), "__version__", "")
    text = f"Keras computes with {name} {found}".rstrip()
    if name != "tensorflow":
        return name, Line("note", f"{text}. That works; the grader uses tensorflow.")
    return name, line_of(name, text, found)


def device_line(backend):
    """Whether there is a GPU. Lessons and checks need none."""
    with quiet_stderr():
        count = count_gpus(backend)
    if count:
        return Line("ok", f"GPU: {count}. Training will be quick; check() computes on the CPU all the same.")
    return Line("note", "No GPU. Every exercise and check works without; only long trainings take longer.")


def count_gpus(backend):
    """How many GPUs a backend can use."""
    library = import_module(backend)
    if backend == "tensorflow":
        return len(library.config.list_physical_devices("GPU"))
    if backend == "torch":
        return library.cuda.device_count()
    return sum(device.platform == "gpu" for device in library.devices())


def data_line():
    """Where CIFAR-10 is; the digits come with vitlab."""
    otherwise = "lessons use the colour digits, which come with vitlab"
    folder = os.environ.get("VITLAB_DATA")
    if folder:
        path = Path(folder, "cifar10.npz")
        if is_zipfile(path):
            return Line("ok", f"CIFAR-10: {path}")
        reason = "is no readable .npz file" if path.exists() else "is not there"
        advice = f"put the file there, or unset VITLAB_DATA: then {otherwise}"
        return Line("FIX", f"VITLAB_DATA is set to {folder}, but {path} {reason}.", advice)
    kept = Path(os.environ.get("KERAS_HOME") or Path.home() / ".keras", "datasets")
    if any(kept.glob("cifar-10-batches-py*")):
        return Line("ok", f"CIFAR-10: downloaded before, in {kept}")
    return Line("note", f"CIFAR-10 is not on this machine: {otherwise}. Its first use downloads 170 MB.")


def writing_line(folder):
    """Whether files can be written beside the notebook, as trained models are."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return Line("ok", f"Files can be written in {folder.resolve()}")
    except OSError as error:
        text = f"No file can be written in {folder.resolve()}: {error.strerror}."
        return Line("FIX", text, "open the notebook from a folder of your own, such as your home")


def lessons_line(folder):
    """Which lessons have their examples; one whose notebook lies in `folder` or below it must have them."""
    from vitlab import fixtures

    install = "run the first code cell of the notebook: it installs the vitlab that belongs to it"
    found, broken = [], []
    for path in sorted(Path(fixtures.__file__).parent.glob("*.npz")):
        try:
            fixtures.read(path)
            found.append(path.stem)
        except Exception:
            broken.append(path.stem)
    if broken or not found:
        what = f"The examples of {', '.join(broken)} cannot be read." if broken else "There are no lessons' examples."
        return Line("FIX", what, f"python -m pip uninstall --yes vitlab; then {install}")
    missing = sorted(lessons_in(folder) - set(found))
    if missing:
        return Line("FIX", f"This vitlab has no examples for {', '.join(missing)}: it is older.", install)
    return Line("ok", f"Examples for {', '.join(found)}")


def lessons_in(folder):
    """The lessons whose notebooks lie in a folder, or in the lessons' own folders below it."""
    found = set()
    for path in [*folder.glob("*.ipynb"), *folder.glob("[0-9][0-9]_*/[0-9][0-9]_*.ipynb")]:
        try:
            found.add(json.loads(path.read_text(encoding="utf-8"))["metadata"]["vitlab"]["assignment"])
        except (OSError, ValueError, LookupError, TypeError):
            continue  # no notebook of this course
    return found


def check_line():
    """Whether check() tells a right answer from a wrong one, on an exercise whose right answers are public."""
    try:
        from vitlab.checking import examine as look

        name, answers = example()
        waiting = iter(answers)
        right = look(named(name, lambda *args, **kwargs: next(waiting)))
        wrong = look(named(name, lambda *args, **kwargs: None))
    except Exception as error:
        text = f"check() fails: {type(error).__name__}: {first_line(error)}"
        return Line("FIX", text, "show this line and the versions above to your teacher")
    if right.passed and not wrong.passed:
        return Line("ok", "check() works: it passed a right answer and found a wrong one")
    said = f"check() calls a right answer {word_for(right)} and a wrong one {word_for(wrong)}."
    return Line("FIX", said, "show this line and the versions above to your teacher")


def example():
    """(name, right answers in the order in which check() asks) of an exercise that is a function."""
    from vitlab import fixtures

    for name in fixtures.exercises():
        fixture = fixtures.load(name)
        if all(question["init"] is None for question in fixture["questions"]):
            expected = fixture["expected"]
            if all("value" in answer for answer in expected):
                return name, [answer["value"] for answer in expected]
    raise LookupError("no exercise that is a function has examples")


def named(name, function):
    """A function under an exercise's name, by which check() knows it."""
    function.__name__ = name
    return function


def word_for(result):
    """A check's result in a word."""
    return "right" if result.passed else "wrong"


def numbers(text):
    """The leading numbers of a version: "2.1.3rc1" -> (2, 1, 3)."""
    return tuple(int(part) for part in re.match(r"[\d.]*\d|", text)[0].split(".") if part)


def dotted(parts):
    """(3, 11) -> "3.11"."""
    return ".".join(map(str, parts))


def first_line(error):
    """The beginning of an error's words."""
    return (str(error).strip().splitlines() or ["no words"])[0][:200]
