"""A class of adversaries with honest students among them, graded by the real command."""

import ctypes
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
from classroom import ASSIGNMENT, hand_in
from outside import Outside, state_of, state_of_machine

from autograder.demo.run import material_of
from autograder.lessons import CHECKOUT
from autograder.root import CourseRoot
from autograder.run.isolation import Mode
from autograder.simulate import as_bytes, from_answers

HERE = Path(__file__).parent
EXERCISE = "softmax_rows"
ADVERSARIES = sorted([*HERE.glob("cells/*.py"), *HERE.glob("system/*.py")])
HONEST_EVERY, WHOLE_EVERY = 25, 25
SECONDS, SECONDS_IN_ALL = 3, 60
SETTINGS = f"""
[limits]
seconds_per_exercise = {SECONDS}
seconds_per_submission = {SECONDS_IN_ALL} # an attack that is slow wherever it is called must leave time for the rest
memory_gb = 1.5
processes = 100
disk_mb = 32
"""
WORKERS = "4"  # many of them only wait
SUBREAPER = 36


@dataclass
class Graded:
    """What a class of adversaries left behind."""

    verdicts: dict
    texts: dict
    """Student to the verdict file's text."""
    outside: Outside
    exit_code: int
    words: str
    """All that the command printed."""
    changes: list
    """What was not there before, or was another way."""
    survivors: list
    full: float
    """Points of the exercise that adversaries attack."""
    root: CourseRoot
    mode: Mode

    def seconds_alone(self, path):
        """What an adversary costs where nobody else is graded: a machine that stalls once seldom stalls again."""
        student = student_of(path)
        subprocess.run(
            [*command_in(self.root, self.mode), "--force", "--student", student], capture_output=True, check=False
        )
        text = (self.root.path / "verdicts" / ASSIGNMENT / f"{student}.json").read_text(encoding="utf-8")
        return json.loads(text)["exercises"][EXERCISE]["seconds"]


def plant(root, outside, canary_file):
    """Put canaries where answers, seeds and other people's work lie."""
    outside.places |= {"@CHECKOUT@": str(CHECKOUT), "@PREFIX@": sys.prefix}
    canary_file.write_text(outside.canaries["solutions"])
    (root.path / "secret_seed").write_text(outside.canaries["seed"])
    with (root.path / "gradebook.db").open("ab") as file:
        file.write(outside.canaries["gradebook"].encode())


def hand_in_class(root, outside):
    """Everybody hands in; after every so many adversaries comes an honest student."""
    material = material_of(root, ASSIGNMENT)
    honest = as_bytes(material.solved()).replace(
        b'"nbformat_minor"', f'"{outside.canaries["other"]}": 1, "nbformat_minor"'.encode()
    )
    for i, path in enumerate(ADVERSARIES):
        attack = root.path.parent / f"{path.stem}.py"
        attack.write_text(outside.filled(path.read_text(encoding="utf-8")), encoding="utf-8")
        others = material.answers if i % WHOLE_EVERY == 1 else {EXERCISE: ""}
        hand_in(root, student_of(path), as_bytes(from_answers(attack, material.released, others)))
        attack.unlink()
        if i % HONEST_EVERY == 0:
            hand_in(root, f"{student_of(path)}-then-honest", honest)


def student_of(path):
    """The name under which an adversary hands in."""
    return path.stem.replace("_", "-")


def grade(root, outside, mode, folder):
    """Run the command as an instructor would, and look around before and after."""
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)  # whatever survives the command becomes ours, and is seen
    temporary = folder / "temporary"
    temporary.mkdir()
    watched = (outside.open_folder, root.path / "submitted", root.path / "source", temporary)
    before, machine = {place: state_of(place) for place in watched}, state_of_machine()
    environment = {
        **os.environ,
        "HOME": str(outside.home),
        "TMPDIR": str(temporary),
        "SECRET": outside.canaries["environment"],
    }
    command = [*command_in(root, mode), "--workers", WORKERS]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
    with suppress(ChildProcessError):  # what has ended by now only waits to be counted
        while os.waitpid(-1, os.WNOHANG)[0]:
            continue
    changes = [str(place) for place in watched if state_of(place) != before[place]]
    changes += sorted(state_of_machine() - machine)
    texts = {
        path.stem: path.read_text(encoding="utf-8") for path in (root.path / "verdicts" / ASSIGNMENT).glob("*.json")
    }
    return Graded(
        {student: json.loads(text) for student, text in texts.items()},
        texts,
        outside,
        done.returncode,
        done.stdout + done.stderr,
        changes,
        survivors(),
        root.points(ASSIGNMENT)[EXERCISE],
        root,
        mode,
    )


def survivors():
    """The processes below this one that still run; one that ended after the last wait has only not been counted yet."""
    found = [process.as_dict(["pid", "cmdline", "status"]) for process in psutil.Process().children(recursive=True)]
    return [process for process in found if process["status"] != psutil.STATUS_ZOMBIE]


def command_in(root, mode):
    """The grader's command for a course, without the gradebook's pass."""
    words = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--root", str(root.path), "--verdicts-only"]
    return [*words, "--isolation", str(mode)]


def marks_of(path):
    """What an adversary's second line says of it: "May gain: marks", "Ends by: the clock"."""
    return re.findall(r"^# (May gain|Ends by): (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
