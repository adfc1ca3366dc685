"""Grade a class while processes of the grader's are killed at random moments, as a machine that fails would."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field

import psutil
from classroom import ASSIGNMENT

ZYGOTE = "autograder.run.zygote"
MOTHER = "bear_zygotes"
NURSERY = "multiprocessing.forkserver"
KINDS = ("grader", "nursery", "worker", "mother", "zygote", "sandbox")
GONE_WITHIN = 60
SOONER = 0.5  # the machine may be quicker than it was in peace
PATIENCE = 600


@dataclass
class Round:
    """One class graded under fire."""

    root: object
    seed: int
    seconds: float
    """How long an undisturbed run takes; kills come in the first half of it, or as soon as there is such a process."""
    kills: list = field(default_factory=list)
    """(kind, seconds after the start)."""
    survivors: list = field(default_factory=list)
    """Processes that outlived a killed grader."""
    rewritten: list = field(default_factory=list)
    """Students whose verdict was known before a grader was killed, and was made once more."""

    def run(self):
        """Start the grader until it ends by itself; its last exit code."""
        dice = random.Random(self.seed)
        plan = dice.sample(KINDS, k=dice.randint(2, 4))
        while True:
            known = self.verdicts()
            grader = start(self.root)
            plan = self.fire(grader, dice, plan)
            code = grader.wait(PATIENCE)
            self.rewritten += [name for name, written in known.items() if self.verdicts().get(name) != written]
            if code not in (-signal.SIGKILL, 3):
                return code

    def fire(self, grader, dice, plan):
        """Kill what was planned at random moments; what is left of the plan when the grader ends."""
        began, left = time.monotonic(), list(plan)
        for moment in sorted(dice.uniform(0, SOONER * self.seconds) for _ in plan):
            while time.monotonic() - began < moment and grader.poll() is None:
                time.sleep(0.01)
            family = kill_one(grader, left[0], dice)
            if family is None:
                break
            kind = left.pop(0)
            self.kills.append((kind, round(time.monotonic() - began, 2)))
            if kind == "grader":
                self.survivors += psutil.wait_procs(family, GONE_WITHIN)[1]
                break
        return left

    def verdicts(self):
        """Student to the time at which their verdict's file was written."""
        folder = self.root.path / "verdicts" / ASSIGNMENT
        return {path.stem: path.stat().st_mtime_ns for path in folder.glob("*.json")}


def start(root):
    """`autograder grade` with two workers."""
    command = [sys.executable, "-m", "autograder", "grade", ASSIGNMENT, "--root", str(root.path), "--workers", "2"]
    environment = {**os.environ, "TMPDIR": str(root.path.parent)}
    with (root.path.parent / "words.txt").open("a") as words:
        return subprocess.Popen(command, stdout=words, stderr=words, env=environment)


def kill_one(grader, kind, dice):
    """Kill a process of a kind as soon as there is one.

    Returns:
        All that ran below the grader just before; None when the grader ended first.
    """
    while grader.poll() is None:
        family = descendants(grader.pid)
        targets = processes(grader.pid, family)[kind]
        with suppress(psutil.NoSuchProcess):  # a sandbox may end by itself just then: look for another
            if targets:
                dice.choice(targets).kill()
                return family
        time.sleep(0.01)
    return None


def descendants(process):
    """All below a process; none once it has ended."""
    try:
        return psutil.Process(process).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def processes(grader, family):
    """The grader's processes by what they are."""
    found = {kind: [] for kind in KINDS}
    found["grader"] = [psutil.Process(grader)] if family else []
    for process in family:
        try:
            kind = kind_of(process, grader)
        except psutil.Error:
            continue  # it has just ended
        if kind:
            found[kind].append(process)
    return found


def kind_of(process, grader):
    """What a process below the grader is, or None for wrappers and helpers."""
    line = " ".join(process.cmdline())
    if ZYGOTE not in line:
        if NURSERY not in line:
            return None
        above = process.parents()[:1]  # none where it has just ended
        return "worker" if any(NURSERY in " ".join(one.cmdline()) for one in above) else "nursery"
    if "bwrap" in process.name():
        return None
    above = sum(ZYGOTE in " ".join(one.cmdline()) and "bwrap" not in one.name() for one in process.parents())
    kinds = ("mother", "zygote", "sandbox") if MOTHER in line else ("zygote", "sandbox")
    return kinds[min(above, len(kinds) - 1)]
