"""Inside the sandbox: import Keras once, then fork a child for each job. Never runs student code itself.

The grader's end of `control` first sends how to isolate, then one message a job with the child's end of a socket pair
beside it. The zygote answers with the child's process id, and when the job is over and nothing of it is left, with how
it ended. One job at a time.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import sys
import time
from typing import Any, NoReturn

from autograder.run import kernels, lean, privileges, syscalls, tree
from autograder.run.watchdog import Watchdog, inherited_memory

MAX_MESSAGE = 4096
FOREVER = 3600.0


class GraderGone(Exception):
    """The control socket was closed: end everything."""


def main(control_fd: int) -> None:
    """Serve the grader until it closes the control socket."""
    control = socket.socket(fileno=control_fd)
    request = begin(control)
    if request is not None:
        warm_up(request["layers"])
        serve_jobs(control, request)


def begin(control: socket.socket) -> dict[str, Any] | None:
    """Tie this process to its parent, and read how to isolate jobs; None if the grader is gone already."""
    privileges.die_with_parent()
    privileges.adopt_orphans()
    try:
        _, descriptor = receive(control)
    except GraderGone:
        return None
    with os.fdopen(descriptor) as file:
        found: dict[str, Any] = json.load(file)
    return found


def bear_zygotes(control_fd: int) -> None:
    """As a mother of zygotes, fork one for each control socket that comes, until the grader is gone."""
    control = socket.socket(fileno=control_fd)
    request = begin(control)
    if request is None:
        return
    warm_up(request["layers"])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel forgets those that end
    try:
        while True:
            _, descriptor = receive(control)
            if os.fork() == 0:
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                control.close()
                be_daughter(socket.socket(fileno=descriptor))
            os.close(descriptor)
    except GraderGone:
        pass  # the ordinary end
    finally:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        tree.end_all()
        os._exit(0)  # at once: taking all modules apart would take half a second


def be_daughter(control: socket.socket) -> NoReturn:
    """In the fork: a zygote like any other, that has nothing left to import."""
    status = 1
    try:
        request = begin(control)
        if request is not None:
            serve_jobs(control, request)
        status = 0
    finally:
        os._exit(status)


def serve_jobs(control: socket.socket, request: dict[str, Any]) -> None:
    """Run one job after the other, each in a fork, until the grader closes the control socket."""
    try:
        say(control, {"ready": os.getpid()})
        while True:
            job, channel = receive(control)
            if "limits" in job:
                serve(control, channel, job["limits"], request)
    except GraderGone:
        pass  # the ordinary end
    finally:
        tree.end_all()  # whatever else happens here, no job outlives it


def warm_up(layers: list[str]) -> None:
    """Import what every job needs, without a thread and without a device, so that forking is safe and memory shared.

    Args:
        layers: that jobs will put on.

    Raises:
        RuntimeError: something has started a thread or TensorFlow's context, neither of which survives a fork.
    """
    lean.import_keras()
    with lean.without_collecting():
        import vitlab.probe  # noqa: F401
        from tensorflow.python.eager import context

        from autograder.run import child, start  # noqa: F401
    kernels.register()

    if "seccomp" in layers:
        syscalls.prepared("namespaces" in layers)
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"Expected one thread before forking. Found: {threads}.")
    begun = context.context_safe()
    if begun is not None and begun._context_handle is not None:
        raise RuntimeError("Expected TensorFlow untouched before forking. Found: a context.")
    gc.collect()
    gc.freeze()
    privileges.set_dumpable(False)


def receive(control: socket.socket) -> tuple[dict[str, Any], int]:
    """The grader's next message and the descriptor beside it, or -1.

    Raises:
        GraderGone: there will be none.
    """
    message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 1)
    if not message:
        raise GraderGone
    found: dict[str, Any] = json.loads(message)
    return found, descriptors[0] if descriptors else -1


def say(control: socket.socket, message: dict[str, Any]) -> None:
    """Send the grader a message."""
    try:
        control.send(json.dumps(message).encode())
    except OSError:
        raise GraderGone from None


def serve(control: socket.socket, channel: int, limits: dict[str, int], request: dict[str, Any]) -> None:
    """Run one job to its end, its limit or the grader's word, and leave nothing of it."""
    from autograder.run.start import become_child

    inherited = inherited_memory()
    job = os.fork()
    if job == 0:
        become_child(control, channel, limits, request)
    os.close(channel)
    say(control, {"started": job})
    layers = request["layers"]
    bounded = "namespaces" in layers or "landlock" not in layers
    watchdog = Watchdog(limits, None if bounded else request["scratch"], inherited) if "watchdog" in layers else None
    limit = watch(control, job, watchdog)
    status = end(job, sweep="sweep" in layers)
    say(control, {"ended": job, "status": status, "limit": limit})


def watch(control: socket.socket, job: int, watchdog: Watchdog | None) -> str | None:
    """Wait until the job ends, passes a limit (whose name is returned), or the grader wants its end."""
    descriptor = os.pidfd_open(job)
    try:
        while True:
            pause = max(0.0, watchdog.next_look - time.monotonic()) if watchdog else FOREVER
            ready = select.select([control.fileno(), descriptor], [], [], pause)[0]
            if control.fileno() in ready and "kill" in receive(control)[0]:
                return None
            if descriptor in ready:
                return None
            if watchdog and not ready and (limit := watchdog.look()):
                return limit
    finally:
        os.close(descriptor)


def end(job: int, sweep: bool) -> int:
    """Kill a job with all that it started; how its leader ended, as an exit code (128 + the signal)."""
    for process in tree.descendants(job)[:1]:  # process 1 of its namespaces, if it has them, takes all along
        tree.send(process, signal.SIGKILL)
    tree.send(job, signal.SIGKILL)
    code = os.waitstatus_to_exitcode(os.waitpid(job, 0)[1])
    if sweep:
        tree.end_all()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main(int(sys.argv[1]))
