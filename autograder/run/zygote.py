"""Inside the sandbox: import Keras once, then fork a child for each job. Never runs student code itself.

The grader's end of `control` sends one message a job, with the child's end of a socket pair beside it; the zygote
answers with the child's process id, and later with how it ended.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from autograder.run import namespaces

MAX_MESSAGE = 4096


def main(control_fd: int, isolate: bool) -> None:
    """Serve the grader until it closes the control socket."""
    control = socket.socket(fileno=control_fd)
    warm_up()
    control.send(json.dumps({"ready": os.getpid()}).encode())
    wake, wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
    watched: list[socket.socket | int] = [control, wake]
    children: set[int] = set()
    while True:
        ready, _, _ = select.select(watched, [], [])
        if wake in ready:
            os.read(wake, 4096)
            reap(control, children)
        if control in ready and not serve(control, children, isolate):
            for child in children:
                kill_group(child)
            return


def warm_up() -> None:
    """Import what every job needs, without a thread and without a device, so that forking is safe and memory shared."""
    import keras  # noqa: F401
    import numpy  # noqa: F401
    import tensorflow  # noqa: F401
    import vitlab
    import vitlab.probe  # noqa: F401

    from autograder.run import child  # noqa: F401

    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"Expected one thread before forking. Found: {threads}.")
    gc.collect()
    gc.freeze()
    namespaces.set_dumpable(False)


def serve(control: socket.socket, children: set[int], isolate: bool) -> bool:
    """Take one request: fork, or kill. False when the grader is gone."""
    message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 1)
    if not message:
        return False
    request = json.loads(message)
    if "kill" in request:
        if request["kill"] in children:
            kill_group(request["kill"])
        return True
    pid = os.fork()
    if pid == 0:
        become_child(control, descriptors[0], request, isolate)
    for descriptor in descriptors:
        os.close(descriptor)
    children.add(pid)
    control.send(json.dumps({"started": pid}).encode())
    return True


def kill_group(leader: int) -> None:
    """Kill a child with all that it started: first process 1 of its namespaces, which takes everything below along."""
    with suppress(OSError):
        for child in Path(f"/proc/{leader}/task/{leader}/children").read_text().split():
            os.kill(int(child), signal.SIGKILL)
    for kill in (os.killpg, os.kill):
        try:
            kill(leader, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it has ended, or has not yet made its group


def reap(control: socket.socket, children: set[int]) -> None:
    """Report every child that has ended."""
    while children:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return
        children.discard(pid)
        control.send(json.dumps({"ended": pid, "status": os.waitstatus_to_exitcode(status)}).encode())


def become_child(control: socket.socket, channel_fd: int, limits: dict[str, int], isolate: bool) -> None:
    """In the fork: leave the zygote's things behind, enter own namespaces, run the job, and end."""
    status = 97
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        control.close()
        os.setsid()
        namespaces.die_with_parent()
        namespaces.set_dumpable(True)
        if isolate:
            namespaces.enter_as_first_process(limits["disk_bytes"])
        limit_resources(limits, isolate)
        silence(channel_fd)
        from autograder.run.child import run_job

        run_job(socket.socket(fileno=channel_fd))
        status = 0
    except BaseException:
        traceback.print_exc()  # to the zygote's log until silence(), to nowhere afterwards
    finally:
        os._exit(status)


def limit_resources(limits: dict[str, int], isolate: bool) -> None:
    """Memory by RLIMIT_DATA (TensorFlow maps more than it uses, so not AS), processes, file size, no core dumps.

    Outside a namespace NPROC counts all processes of the user, the browser's too, so it is left alone there.
    """
    kinds = [("DATA", "memory_bytes"), ("FSIZE", "disk_bytes")] + [("NPROC", "processes")] * isolate
    for name, value in kinds:
        kind = getattr(resource, f"RLIMIT_{name}")
        resource.setrlimit(kind, (limits[value], limits[value]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def silence(channel_fd: int) -> None:
    """Input, output and errors go nowhere; every other inherited descriptor is closed."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor > 2 and descriptor != channel_fd:
            try:
                os.close(descriptor)
            except OSError:
                continue  # the listing's own descriptor is closed already


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] == "isolate")
