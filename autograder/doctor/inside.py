"""Runs in the sandbox, as if a student had written it. Each attack returns words where it got through; otherwise it
raises, or returns nothing.

`places` says where things lie on the machine outside, which a real attacker could guess.
"""

import ctypes
import mmap
import os
import socket
import time
from pathlib import Path
from typing import Any

libc = ctypes.CDLL(None, use_errno=True)
IO_URING, MEMFD = {"x86_64": (425, 319), "aarch64": (425, 279)}.get(os.uname().machine, (425, -1))
NEW_USER_NAMESPACE, ATTACH, DETACH = 0x10000000, 16, 17
TRACE = "autograder-doctor-was-here.txt"


def attempt(name: str, places: dict[str, Any]) -> Any:
    """Try one attack."""
    return globals()[name](places)


def connects_to_the_network(places: dict[str, Any]) -> Any:
    with socket.create_connection(("127.0.0.1", places["port"]), 2):
        return "connected to a program outside"


def reads_the_course(places: dict[str, Any]) -> Any:
    Path(places["hidden"]).read_bytes()
    return "opened a hidden file"


def lists_the_home_folder(places: dict[str, Any]) -> Any:
    return f"saw {len(os.listdir(places['home']))} names"


def reads_the_grader_s_environment(places: dict[str, Any]) -> Any:
    if places["variable"] in os.environ:
        return "saw a variable of the grader's"
    Path(f"/proc/{places['grader']}/environ").read_bytes()
    return "opened the grader's environment"


def writes_into_the_python_environment(places: dict[str, Any]) -> Any:
    Path(places["python"], TRACE).touch()
    return "created a file"


def writes_outside_its_folder(places: dict[str, Any]) -> Any:
    Path(places["outside"], "new.txt").touch()
    return "created a file"


def changes_the_mode_of_a_file_outside(places: dict[str, Any]) -> Any:
    os.chmod(Path(places["outside"], "precious.txt"), 0o777)
    return "changed a mode"


def signals_the_grader(places: dict[str, Any]) -> Any:
    os.kill(places["grader"], 0)
    return "may signal it"


def looks_into_its_parent_s_memory(places: dict[str, Any]) -> Any:
    parent = os.getppid() or places["grader"]
    words = refused(libc.ptrace(ATTACH, parent, None, None))
    os.waitpid(parent, 0)
    libc.ptrace(DETACH, parent, None, None)
    return words


def makes_a_namespace_of_its_own(places: dict[str, Any]) -> Any:
    return refused(libc.unshare(NEW_USER_NAMESPACE))


def mounts_a_file_system(places: dict[str, Any]) -> Any:
    return refused(libc.mount(b"none", b".", b"tmpfs", 0, None))


def uses_io_uring(places: dict[str, Any]) -> Any:
    return refused(libc.syscall(IO_URING, 1, ctypes.create_string_buffer(256)))


def makes_memory_that_no_limit_counts(places: dict[str, Any]) -> Any:
    return refused(libc.syscall(MEMFD, b"hidden", 0))


def refused(result: int) -> str:
    """Raise the reason of a call that failed; say so where it worked."""
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return "the kernel allowed it"


def forks_past_the_limit(places: dict[str, Any]) -> Any:
    for _ in range(places["processes"] * 3):
        if os.fork() == 0:
            time.sleep(60)
    time.sleep(1)
    return f"{places['processes'] * 3} processes are alive"


def uses_too_much_memory(places: dict[str, Any]) -> Any:
    block = mmap.mmap(-1, 2 * places["memory"])
    ctypes.memset(ctypes.addressof(ctypes.c_char.from_buffer(block)), 1, len(block))
    time.sleep(1)
    return f"holds {len(block)} bytes"


def allocates_too_much(places: dict[str, Any]) -> Any:
    return f"holds {len(bytearray(2 * places['memory']))} bytes of its own"


def writes_too_much(places: dict[str, Any]) -> Any:
    for i in range(4):
        Path(f"file-{i}").write_bytes(bytes(places["disk"] // 2))
    time.sleep(1)
    return "wrote twice what is allowed"


def returns_too_much(places: dict[str, Any]) -> Any:
    import numpy as np

    return np.zeros(places["returned"])


def never_ends(places: dict[str, Any]) -> Any:
    while True:
        time.sleep(0.1)


def outlives_its_job(places: dict[str, Any]) -> Any:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(120)
        os._exit(0)
