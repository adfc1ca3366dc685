"""In the fork: from a copy of the zygote to a process that may meet student code. The order of the steps matters."""

from __future__ import annotations

import os
import socket
import traceback
from typing import Any, NoReturn

from autograder.run import landlock, namespaces, privileges, syscalls

DEVICES = ("/dev/null", "/dev/full", "/dev/random", "/dev/urandom")
OWN = (
    *(f"/proc/self/{name}" for name in ("cmdline", "comm", "maps", "stat", "statm", "status")),
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
)
OUR_FAULT = 97


def become_child(control: socket.socket, channel: int, limits: dict[str, int], request: dict[str, Any]) -> NoReturn:
    """Leave the zygote's things behind, put on the layers, run the job, and end."""
    status = OUR_FAULT
    try:
        control.close()
        os.setsid()
        privileges.die_with_parent()
        put_on(request["layers"], limits, channel, request)
        from autograder.run.child import run_jobs

        run_jobs(socket.socket(fileno=channel))
        status = 0
    except BaseException:
        traceback.print_exc()  # to the zygote's log until silence(), to nowhere afterwards
    finally:
        os._exit(status)


def put_on(layers: list[str], limits: dict[str, int], channel: int, request: dict[str, Any]) -> None:
    """Put on every layer that was asked for; one that the kernel refuses is an error, never passed over.

    Args:
        layers: names from isolation.
        limits: records.Limits as a dict.
        channel: the one descriptor that stays open.
        request: "scratch", the job's folder; "readable" and "listed", what Landlock leaves visible.
    """
    own = "namespaces" in layers
    privileges.set_dumpable(True)
    if own:
        namespaces.enter_as_first_process(request["scratch"], limits["disk_bytes"])
    os.chdir(request["scratch"])
    privileges.yield_to_others()
    if "rlimits" in layers:
        privileges.limit_resources(limits, own)
    silence(channel)
    privileges.gain_none()
    if "capabilities" in layers:
        privileges.drop_capabilities()
    if "landlock" in layers:
        writable = [request["scratch"], *DEVICES, *(["/dev/shm"] if own else [])]
        landlock.restrict([*request["readable"], *OWN], request["listed"], writable, removal=own)
    if "seccomp" in layers:
        syscalls.restrict(own)


def silence(channel: int) -> None:
    """Input, output and errors go nowhere; every other inherited descriptor is closed."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    for name in os.listdir("/proc/self/fd"):
        descriptor = int(name)
        if descriptor > 2 and descriptor != channel:
            try:
                os.close(descriptor)
            except OSError:
                continue  # the listing's own descriptor is closed already
