"""One import of TensorFlow for all workers of a machine: a process behind bubblewrap that zygotes are forked from.

It never meets a job. Its zygotes share its namespaces and see each other; their jobs have namespaces of their own. A
worker asks over a socket that it has inherited, and hands over the control socket of the zygote that it wants.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.run import bubblewrap, tree
from autograder.run.stage import Stage

NEEDED = frozenset(["bubblewrap", "namespaces"])
"""Layers without which jobs would share more than a zygote's."""
PATIENCE = 5.0
CREDENTIALS = struct.Struct("3i")
PROGRAM = "import sys; sys.path.insert(0, '/engine'); from autograder.run.zygote import bear_zygotes; bear_zygotes({})"


@dataclass(frozen=True)
class Mother:
    """The process, and what its zygotes do not see."""

    control: socket.socket
    hidden: frozenset[Path]
    process: subprocess.Popen[bytes]

    def suits(self, hidden: list[Path], layers: tuple[str, ...]) -> bool:
        """Whether a zygote of hers is isolated as one of the worker's own would be."""
        return self.hidden == frozenset(hidden) and NEEDED.issubset(layers)

    def give(self, control: socket.socket) -> bool:
        """Ask for a zygote at the other end of a control socket; False if she is gone."""
        try:
            socket.send_fds(self.control, [b"{}"], [control.fileno()])
        except OSError:
            return False
        return True


def dismiss() -> None:
    """Let her end, and wait for it; she does once no worker holds her socket any more."""
    if mother:
        mother.control.close()
        with suppress(subprocess.TimeoutExpired):
            mother.process.wait(PATIENCE)


class Daughter:
    """A zygote that is not this process's child: as much of subprocess.Popen as its worker needs."""

    pid: int | None = None
    returncode: int | None = None

    def wait(self, timeout: float | None = None) -> None:
        """Wait for its end.

        Raises:
            TimeoutExpired: it has not come.
        """
        with suppress(ProcessLookupError):
            descriptor = os.pidfd_open(self.pid) if self.pid else -1
            if descriptor >= 0:
                ended = select.select([descriptor], [], [], timeout)[0]
                os.close(descriptor)
                if not ended:
                    raise subprocess.TimeoutExpired("zygote", timeout or 0.0)

    def kill(self) -> None:
        """End it, whatever it does."""
        self.returncode = -signal.SIGKILL
        if self.pid:
            tree.send(self.pid, signal.SIGKILL)


mother: Mother | None = None
"""Of this process and all that are forked from it."""


def call(hidden: list[Path], layers: tuple[str, ...], folder: str) -> None:
    """Start the mother of this machine's zygotes without waiting for her; she ends with this process.

    Args:
        hidden: folders that student code must not see.
        layers: from isolation.choose().
        folder: for what she runs from; whoever calls removes it.
    """
    global mother
    stage = Stage(folder)
    control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ExitStack() as stack, theirs:
        wrapper, descriptor = stack.enter_context(bubblewrap.command(stage.engine, hidden))
        program = [sys.executable, "-I", "-B", "-c", PROGRAM.format(theirs.fileno())]
        nowhere = subprocess.DEVNULL
        process = subprocess.Popen(
            [*wrapper, *program], stdin=nowhere, stdout=nowhere, stderr=nowhere,
            pass_fds=[theirs.fileno(), descriptor], env=bubblewrap.environment("/scratch"),
        )  # fmt: skip
    send_request(control, {"layers": layers})
    mother = Mother(control, frozenset(hidden), process)


def send_request(control: socket.socket, request: dict[str, Any]) -> None:
    """Tell a zygote, or a mother of zygotes, how to isolate jobs."""
    with tempfile.TemporaryFile() as file:  # a message could be too short for all the paths
        file.write(json.dumps(request).encode())
        file.seek(0)
        socket.send_fds(control, [b"{}"], [file.fileno()])


def receive_with_sender(control: socket.socket, size: int) -> tuple[bytes, int]:
    """A message and its sender's process, as the kernel says, seen from this process's namespace."""
    message, extra, _, _ = control.recvmsg(size, socket.CMSG_SPACE(CREDENTIALS.size))
    for level, kind, data in extra:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            return message, CREDENTIALS.unpack(data[: CREDENTIALS.size])[0]
    return message, 0
