"""The command line that starts the zygote inside bubblewrap: a read-only system, no network, nothing of the course.

Holds against: reading the course, the gradebook, home or other submissions; writing to the system; the network.
Does not hold against: a bug in the kernel, or files that the operator put under the Python environment itself.
"""

from __future__ import annotations

import os
import shutil
import sys
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


def command(stage: Path, hidden: list[Path]) -> list[str]:
    """bwrap and its flags, to be followed by the program.

    Args:
        stage: folder that appears as /engine.
        hidden: folders that must not be seen; those inside a visible folder are covered by empty ones.
    """
    flags = ["--unshare-all", "--die-with-parent", "--new-session", "--clearenv", "--uid", "65534", "--gid", "65534"]
    for name, value in ENVIRONMENT.items():
        flags += ["--setenv", name, value]
    visible = python_folders()
    flags += ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/scratch"]
    if not any(folder.is_relative_to("/tmp") for folder in visible):
        flags += ["--symlink", "scratch", "/tmp"]
    for name in SYSTEM:
        flags += system_folder(Path("/", name))
    for setting in SETTINGS:
        flags += ["--ro-bind-try", f"/{setting}", f"/{setting}"]
    for folder in visible:
        flags += ["--ro-bind", str(folder), str(folder)]
    for folder in hidden:
        if any(folder.is_relative_to(top) for top in [*visible, Path("/usr")]):
            flags += ["--tmpfs", str(folder)]
    flags += ["--ro-bind", str(stage), "/engine", "--remount-ro", "/", "--chdir", "/scratch", "--"]
    return [str(find()), *flags]


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
        folders.add(program.parent.parent)
    folders |= {folder.resolve() for folder in folders}
    return sorted(folder for folder in folders if folder != Path("/") and not folder.is_relative_to("/usr"))
