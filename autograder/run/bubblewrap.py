"""The command line that starts the zygote inside bubblewrap: a read-only system, no network, nothing of the course.

Holds against: reading the course, the gradebook, home or other submissions; writing to the system; the network.
Does not hold against: a bug in the kernel, or files that the operator put under the Python environment itself.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SYSTEM = ("usr", "bin", "sbin", "lib", "lib32", "lib64", "libx32")
SETTINGS = ("etc/ld.so.cache", "etc/ld.so.conf", "etc/ld.so.conf.d", "etc/localtime", "etc/alternatives")
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/scratch",
    "TMPDIR": "/scratch",
    "LANG": "C.UTF-8",
    "KERAS_BACKEND": "tensorflow",
    "KERAS_HOME": "/scratch/keras",
    "MPLBACKEND": "Agg",
    "MPLCONFIGDIR": "/scratch/matplotlib",
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",  # an exercise's few small matrices never pay for what it sets up
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "PYTHONHASHSEED": "0",
}


def find() -> str | None:
    """The path of bwrap, or None where it is not installed."""
    return shutil.which("bwrap")


def environment(scratch: str) -> dict[str, str]:
    """The whole environment of the zygote and its children.

    Args:
        scratch: the folder that takes what programs write.
    """
    return {name: value.replace("/scratch", scratch) for name, value in ENVIRONMENT.items()}


@contextmanager
def command(engine: Path, hidden: list[Path]) -> Iterator[tuple[list[str], int]]:
    """bwrap's command line, to be followed by the program, and the descriptor to pass on.

    The flags lie in a file without a name: on the command line, names of hidden folders could be read in /proc.

    Args:
        engine: folder that appears as /engine.
        hidden: folders that must not be seen; those inside a visible folder are covered by empty ones.
    """
    with tempfile.TemporaryFile() as file:
        file.write("\0".join(flags(engine, hidden)).encode() + b"\0")
        file.seek(0)
        yield [str(find()), "--args", str(file.fileno()), "--"], file.fileno()


def flags(engine: Path, hidden: list[Path]) -> list[str]:
    """What bwrap is told."""
    made = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--uid", "65534", "--gid", "65534"]
    for name, value in environment("/scratch").items():
        made += ["--setenv", name, value]
    visible = python_folders()
    tops = [*visible, *(path for name in SYSTEM if (path := Path("/", name)).is_dir() and not path.is_symlink())]
    made += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/scratch"]
    if not any(folder.is_relative_to("/tmp") for folder in visible):
        made += ["--symlink", "scratch", "/tmp"]
    for name in SYSTEM:
        made += system_folder(Path("/", name))
    for setting in SETTINGS:
        made += ["--ro-bind-try", f"/{setting}", f"/{setting}"]
    for folder in visible:
        made += ["--ro-bind", str(folder), str(folder)]
    for place in sorted({place for folder in hidden for top in tops for place in places_of(folder, top)}):
        made += ["--tmpfs", str(place)]
    made += ["--ro-bind", str(engine), "/engine", "--remount-ro", "/dev", "--remount-ro", "/"]
    return [*made, "--chdir", "/scratch"]


def places_of(folder: Path, top: Path) -> list[Path]:
    """Where a folder can be seen below a visible one, whose own name may lead through links."""
    real = top.resolve()
    return [folder, top / folder.relative_to(real)] if folder.is_relative_to(real) else []


def readable(engine: str) -> list[Path]:
    """What a job may read: the system's programs and libraries, this Python, and the engine."""
    system = [Path("/", name) for name in (*SYSTEM, *SETTINGS)]
    return [*system, *python_folders(), Path(engine)]


def system_folder(path: Path) -> list[str]:
    """Flags that show a top-level folder read-only; a link stays a link."""
    if path.is_symlink():
        return ["--symlink", os.readlink(path), str(path)]
    return ["--ro-bind", str(path), str(path)] if path.is_dir() else []


def python_folders() -> list[Path]:
    """The folders of this Python outside /usr: the environment's and, for a virtual one, its base's."""
    folders = {Path(sys.prefix), Path(sys.base_prefix)}
    program = Path(sys.executable)
    while program.is_symlink():  # a virtual environment's Python may reach its base through linked folders
        program = program.parent / program.readlink()
        if holds_python(program.parent.parent):  # not a home with a bin/ of its own
            folders.add(program.parent.parent)
    folders |= {folder.resolve() for folder in folders}
    return sorted(folder for folder in folders if folder != Path("/") and not folder.is_relative_to("/usr"))


def holds_python(folder: Path) -> bool:
    """Whether a folder is that of a Python or of a virtual environment."""
    library = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}"
    return (folder / "pyvenv.cfg").is_file() or (library / "os.py").is_file()
