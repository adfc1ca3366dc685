"""In a child of the zygote: run a notebook's cells one after the other, as Jupyter does, and send how each ended.

Tests and student code share this process, as in nbgrader itself: what is sent is what the run says of itself.
"""

from __future__ import annotations

import math
import socket
import sys
from pathlib import Path
from typing import Any

from autograder.run import wire

MAX_WORDS = 500


def run_notebook(channel: socket.socket, job: dict[str, Any]) -> None:
    """Put the teacher's files in place, run every cell, and send one frame for each."""
    for name, content in job["files"].items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.tobytes())
    shell = make_shell()
    for i, cell in enumerate(job["statements"]):
        wire.send(channel, {"question": i, "value": run_cell(shell, cell["source"])})


def make_shell() -> Any:
    """An IPython shell of this process: magics, display and get_ipython() work; it has no sockets and no history."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):  # type: ignore[misc,unused-ignore]
        """Takes `%matplotlib inline` without a window."""

        def enable_gui(self, gui: str | None = None) -> None:
            """There is none."""

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    shell = Shell.instance(config=config)
    sys.modules["__main__"] = shell.user_module
    return shell


def run_cell(shell: Any, source: str) -> dict[str, Any]:
    """Run one cell: -> ok, error (words), score (a float, or None where the cell's value is no number).

    Transformers that an earlier cell left behind are taken away: they could turn a test into nothing.
    """
    from IPython.core.inputtransformer2 import TransformerManager

    shell.input_transformer_manager = TransformerManager()
    shell.ast_transformers.clear()
    found = shell.run_cell(source, store_history=True)
    error = found.error_before_exec or found.error_in_exec
    words = f"{type(error).__name__}: {error}".strip(": ")[:MAX_WORDS] if error is not None else ""
    score = None if error is not None else score_of(found.result)
    if score is not None and not math.isfinite(score):
        error, words, score = score, f"the score {score} is no finite number", None
    return {"ok": error is None, "error": words, "score": score}


def score_of(value: Any) -> float | None:
    """A cell's value as a number of points: numbers of any library, alone or in a list of one; None for all else."""
    if isinstance(value, list | tuple) and len(value) == 1:
        value = value[0]
    if value is None or isinstance(value, bool | str | bytes) or not hasattr(value, "__float__"):
        return None
    try:
        return None if str(getattr(value, "dtype", "")).endswith("bool") else float(value)
    except (TypeError, ValueError):
        return None
