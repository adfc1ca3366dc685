"""Hostile hand-ins: what a folder can hold instead of an honest notebook, and what it must come to.

HOSTILE is name to (write, expected). `write(folder, solved, root)` fills one student's folder, given a solved notebook.
Expected is NOTHING (no points, but an outcome for every exercise), UNHARMED (all automatic points) or FIRST (all but
those of the first exercise).
"""

import copy
import json
import os
import socket
import stat

NOTEBOOK = "01_attention.ipynb"
NOTHING, UNHARMED, FIRST = "nothing", "unharmed", "all but the first"
MB = 2**20
HOSTILE = {}


def hostile(name, expected):
    """Enter a writer into the table."""

    def enter(write):
        HOSTILE[name] = (write, expected)
        return write

    return enter


def contents(name, expected):
    """Enter a function from the solved notebook to the bytes of the file."""

    def enter(make):
        HOSTILE[name] = (lambda folder, solved, root: (folder / NOTEBOOK).write_bytes(make(solved)), expected)
        return make

    return enter


def edits(name, expected):
    """Enter a function that changes a copy of the solved notebook in place."""

    def enter(change):
        def make(solved):
            notebook = copy.deepcopy(solved)
            change(notebook)
            return as_bytes(notebook)

        contents(name, expected)(make)
        return change

    return enter


def as_bytes(notebook):
    """A notebook's file, with every odd character as an escape."""
    return json.dumps(notebook).encode()


# no plain file


@hostile("sparse-10-gb", NOTHING)
def _(folder, solved, root):
    (folder / NOTEBOOK).touch()
    os.truncate(folder / NOTEBOOK, 10 * 2**30)


@hostile("pipe", NOTHING)
def _(folder, solved, root):
    os.mkfifo(folder / NOTEBOOK)


@hostile("socket", NOTHING)
def _(folder, solved, root):
    before = os.getcwd()
    os.chdir(folder)  # a socket's address has at most 107 bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(NOTEBOOK)
    finally:
        os.chdir(before)


@hostile("device", NOTHING)
def _(folder, solved, root):
    try:
        os.mknod(folder / NOTEBOOK, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except OSError:
        (folder / NOTEBOOK).symlink_to("/dev/zero")


LINKS = {
    "link-to-the-secret": lambda root: root.path / "secret_seed",
    "link-to-urandom": lambda root: "/dev/urandom",
    "link-to-itself": lambda root: NOTEBOOK,
    "link-to-a-friend": lambda root: root.submission("01_attention", "honest-0") / NOTEBOOK,
    "link-to-nowhere": lambda root: "/nowhere/at/all",
}
for link_name, target in LINKS.items():
    hostile(link_name, NOTHING)(
        lambda folder, solved, root, target=target: (folder / NOTEBOOK).symlink_to(target(root))
    )


@hostile("hard-link-to-the-gradebook", NOTHING)
def _(folder, solved, root):
    os.link(root.path / "gradebook.db", folder / NOTEBOOK)


@hostile("folder-for-a-notebook", NOTHING)
def _(folder, solved, root):
    (folder / NOTEBOOK / NOTEBOOK).mkdir(parents=True)


@hostile("unreadable", UNHARMED if os.geteuid() == 0 else NOTHING)
def _(folder, solved, root):
    (folder / NOTEBOOK).write_bytes(as_bytes(solved))
    (folder / NOTEBOOK).chmod(0)


@hostile("folder-is-a-link", NOTHING)
def _(folder, solved, root):
    folder.rmdir()
    folder.symlink_to(root.submission("01_attention", "honest-0"))


@hostile("folder-is-a-file", NOTHING)
def _(folder, solved, root):
    folder.rmdir()
    folder.write_bytes(as_bytes(solved))


# names and crowds of files

NAMES = {
    "newline": b"a\nb.ipynb",
    "ansi": b"\x1b[31m\x1b]0;owned\x07red.ipynb",
    "rtl": "\u202egnp.ipynb".encode(),
    "script": b"<img src=x onerror=alert(1)>.ipynb",
    "markdown": b"](javascript:alert(1)) `<b>` $\\href{x}{y}$.ipynb",
    "not-utf-8": b"\xff\xfe.ipynb",
    "very-long": b"x" * 249 + b".ipynb",
}
for file_name, file in NAMES.items():
    for word, broken in (("good", False), ("broken", True)):
        hostile(f"name-{file_name}-{word}", NOTHING if broken else UNHARMED)(
            lambda folder, solved, root, file=file, broken=broken: (folder / os.fsdecode(file)).write_bytes(
                b"{" if broken else as_bytes(solved)
            )
        )


@hostile("20000-files", UNHARMED)
def _(folder, solved, root):
    (folder / NOTEBOOK).write_bytes(as_bytes(solved))
    for i in range(20_000):
        (folder / f"{i}.ipynb").touch()


@hostile("20000-notebooks-of-other-names", NOTHING)
def _(folder, solved, root):
    for i in range(20_000):
        (folder / f"<b>{i}.ipynb").touch()


@hostile("nested-500-deep", UNHARMED)
def _(folder, solved, root):
    (folder / NOTEBOOK).write_bytes(as_bytes(solved))
    folder.joinpath(*["d"] * 500).mkdir(parents=True)


TIMES = {
    "year-999999": b"999999-01-01 00:00:00 UTC",
    "year-0": b"0000-00-00 00:00:00",
    "nan": b"NaN",
    "megabytes": b"2026-01-01 " * MB,
    "words": b"yesterday <script>",
    "not-utf-8": b"\xff\xfe",
    "nul": b"2026-01-01\0",
    "a-zone": b"2026-01-01 00:00:00 +99:99",
    "a-far-zone": b"0001-01-01 00:00:00 +14:00",
    "many-digits": b"1" * 5000,
}
for time_name, time in TIMES.items():

    @hostile(f"time-{time_name}", UNHARMED)
    def _(folder, solved, root, time=time):
        (folder / NOTEBOOK).write_bytes(as_bytes(solved))
        (folder / "timestamp.txt").write_bytes(time)


@hostile("time-is-a-link", UNHARMED)
def _(folder, solved, root):
    (folder / NOTEBOOK).write_bytes(as_bytes(solved))
    (folder / "timestamp.txt").symlink_to("/dev/zero")


@hostile("time-is-a-pipe", UNHARMED)
def _(folder, solved, root):
    (folder / NOTEBOOK).write_bytes(as_bytes(solved))
    os.mkfifo(folder / "timestamp.txt")
