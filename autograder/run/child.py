"""In a child of the zygote: run the student's statements, ask the questions, send the answers. Judges nothing."""

from __future__ import annotations

import ast
import codeop
import linecache
import random
import socket
import sys
import tempfile
import time
import types
import warnings
from contextlib import ExitStack
from typing import Any

import keras
import numpy as np
import vitlab
from vitlab.library import SwitchedOff, switched_off
from vitlab.probe import WeightError, ask, describe, is_unwritten, unwritten

from autograder.run import kernels, wire
from autograder.run.weights import BadWeights, ask_with_weights

LONG = 86_400.0  # the wall clock is held outside


def run_jobs(channel: socket.socket) -> None:
    """Say "ready" and read jobs until the process is ended from outside.

    For each job, one frame for each question is sent, then one that says that all is done. Calls that were off for a
    job stay off: what it left running must not find them between two jobs.
    """
    settle()
    wire.send(channel, "ready")
    reached: list[str] = []
    with ExitStack() as off:
        while True:
            job = wire.receive(channel, time.monotonic() + LONG, wire.Allowance(wire.MAX_JOB))
            reached.clear()
            if job["weights"] is None and not job["notebook"]:
                kernels.use_small()
            off.enter_context(switched_off(job["switched_off"], reached))
            run_job(channel, job)
            wire.send(channel, {"done": sorted(set(reached))})
            settle()


def run_job(channel: socket.socket, job: dict[str, Any]) -> None:
    """Run a job's statements, ask its questions, and send the answers; or run a notebook's cells."""
    if job["notebook"]:
        from autograder.run.notebook import run_notebook

        run_notebook(channel, job)
        return
    namespace, troubles = run_statements(job["statements"])
    for i, question in enumerate(job["questions"]):
        send_answer(channel, i, answer(namespace, troubles, job, question), job["returned_bytes"])


def send_answer(channel: socket.socket, i: int, found: dict[str, Any], most: int) -> None:
    """Send an answer; one that may not cross or is too large is replaced by words."""
    try:
        wire.send(channel, {"question": i, **found}, most)
    except (TypeError, wire.WireError) as error:
        wire.send(channel, {"question": i, "error": str(error), "weight_error": False})


def settle() -> None:
    """The same start for every job: seeds, no warnings, a fresh temporary directory, checks that do nothing."""
    warnings.simplefilter("ignore")
    tempfile.tempdir = None
    random.seed(0)
    np.random.seed(0)
    keras.utils.set_random_seed(0)
    for name in ("check", "check_trained", "save_trained"):
        setattr(vitlab, name, lambda *args, **kwargs: None)


def run_statements(statements: list[dict[str, Any]]) -> tuple[dict[str, Any], list[str]]:
    """Run each statement in one namespace; one that fails is tried again after the others, then passed over.

    A cell may use what a later cell defines: a person runs cells in any order.

    Returns:
        The namespace, and the troubles of the statements that never ran through, in words.
    """
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    namespace, compiler = vars(module), codeop.Compile()
    remember_sources(statements)
    pending = statements
    while True:
        failed, troubles = [], []
        for statement in pending:
            try:
                exec(compiled(statement, compiler), namespace)
            except (Exception, SystemExit) as error:
                failed.append(statement)
                troubles.append(f"{statement['cell']}: {describe(error, is_cell)}")
        if not failed or len(failed) == len(pending):
            return namespace, troubles
        pending = failed


def compiled(statement: dict[str, Any], compiler: codeop.Compile) -> types.CodeType:
    """Code whose tracebacks name the cell and its lines; the compiler remembers imports from __future__."""
    tree = ast.parse(statement["source"])
    ast.increment_lineno(tree, statement["line"] - 1)
    return compiler(tree, file_name(statement), "exec")


def file_name(statement: dict[str, Any]) -> str:
    """The name under which a cell's code is compiled."""
    return f"<cell {statement['cell']}>"


def remember_sources(statements: list[dict[str, Any]]) -> None:
    """Let inspect find the sources: tf.function reads them to translate loops."""
    cells: dict[str, list[str]] = {}
    for statement in statements:
        lines = cells.setdefault(file_name(statement), [])
        own = [line + "\n" for line in statement["source"].splitlines()]
        lines += ["\n"] * (statement["line"] - 1 + len(own) - len(lines))
        lines[statement["line"] - 1 : statement["line"] - 1 + len(own)] = own
    for name, lines in cells.items():
        linecache.cache[name] = (sum(map(len, lines)), None, lines, name)


def is_cell(filename: str) -> bool:
    """Whether a code object comes from the student's notebook."""
    return filename.startswith("<cell ")


def answer(
    namespace: dict[str, Any], troubles: list[str], job: dict[str, Any], question: dict[str, Any]
) -> dict[str, Any]:
    """{"value": ...} or {"error": words, "weight_error": bool}."""
    name = job["target"]
    if name not in namespace:
        reason = troubles[0] if troubles else "no cell defines it"
        return {"error": f"`{name}` could not be defined: {reason}", "weight_error": False}
    try:
        if job["weights"] is None:
            return {"value": ask(namespace[name], question)}
        return {"value": ask_with_weights(namespace[name], question, job["weights"].tobytes(), job["paths"])}
    except (WeightError, BadWeights) as error:
        return {"error": str(error), "weight_error": True}
    except SwitchedOff as error:
        return {"error": str(error), "weight_error": False}
    except (Exception, SystemExit) as error:
        if is_unwritten(error):
            return {"error": unwritten(error, name), "weight_error": False}
        return {"error": with_trouble(describe(error, is_cell), troubles), "weight_error": False}


def with_trouble(words: str, troubles: list[str]) -> str:
    """A missing name is explained by the statement that should have made it."""
    return f"{words}; before that, {troubles[0]}" if words.startswith("NameError") and troubles else words
