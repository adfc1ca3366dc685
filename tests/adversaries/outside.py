"""What adversaries aim at, on the machine outside the sandbox, and how to see afterwards whether they reached it."""

import hashlib
import os
import secrets
import signal
import socket
import threading
from pathlib import Path

SHARED = (Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"))
IPC = [Path("/proc/sysvipc", kind) for kind in ("shm", "sem", "msg")]

HARMLESS = (signal.SIGWINCH, signal.SIGURG, signal.SIGIO, signal.SIGUSR1, signal.SIGUSR2)
"""Signals that the attacks use, where stronger ones would end the suite."""


def new_canary():
    """A text that stands nowhere else."""
    return f"CANARY-{secrets.token_hex(8)}"


class Outside:
    """Folders, files and listeners that student code must not reach."""

    def __init__(self, folder, root):
        """Plant canaries in home, and open the listeners."""
        self.root, self.home, self.open_folder = root, folder / "home", folder / "open"
        self.canaries = {
            place: new_canary() for place in ("home", "environment", "seed", "gradebook", "solutions", "other")
        }
        self.home.mkdir()
        (self.home / "canary.txt").write_text(self.canaries["home"])
        self.open_folder.mkdir()
        self.open_folder.chmod(0o777)
        precious = self.open_folder / "precious.txt"
        precious.write_text("precious")
        precious.chmod(0o644)
        os.utime(precious, (1_000_000_000, 1_000_000_000))
        self.connections, self.signals = [], []
        for number in HARMLESS:
            signal.signal(number, lambda number, frame: self.signals.append(number))
        self.listeners = [listening(("127.0.0.1", 0)), listening(str(folder / "socket")), listening("\0" + folder.name)]
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        datagrams.bind(self.listeners[0].getsockname())
        for listener in self.listeners:
            threading.Thread(target=self.accept, args=(listener,), daemon=True).start()
        threading.Thread(target=self.hear, args=(datagrams,), daemon=True).start()
        self.listeners.append(datagrams)
        self.places = {
            "@ROOT@": str(root), "@HOME@": str(self.home), "@OUTSIDE@": str(self.open_folder),
            "@GRADER@": str(os.getpid()), "@ZYGOTE_PARENT@": str(os.getpid()),
            "@PORT@": str(self.listeners[0].getsockname()[1]), "@SOCKET@": str(folder / "socket"),
            "@ABSTRACT@": folder.name,
        }  # fmt: skip

    def accept(self, listener):
        """Remember whoever connects."""
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return  # closed: the suite is over
            self.connections.append(listener.getsockname())
            connection.close()

    def hear(self, datagrams):
        """Remember whoever sends a datagram."""
        while True:
            try:
                self.connections.append(datagrams.recvfrom(100))
            except OSError:
                return  # closed: the suite is over

    def filled(self, text):
        """An adversary's code with the real places in it."""
        for mark, value in self.places.items():
            text = text.replace(mark, value)
        return text

    def close(self):
        """Close the listeners."""
        for listener in self.listeners:
            listener.close()


def listening(address):
    """A listening socket; a text is the path of a Unix socket."""
    made = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
    made.bind(address)
    made.listen()
    return made


def state_of(folder):
    """Every file of a folder with its kind, mode, owner, time and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        details = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
        found[str(path)] = (details.st_mode, details.st_uid, details.st_mtime_ns, content)
    return found


def state_of_machine():
    """Names in the folders that everybody shares, and objects that outlive processes.

    Other graders and tests on the machine have folders there; this one's are elsewhere, and watched there.
    """
    paths = [path for folder in SHARED if folder.is_dir() for path in folder.iterdir()]
    names = {str(path) for path in paths if not path.name.startswith(("autograder-", "pytest-"))}
    queues = {str(path) for path in Path("/dev/mqueue").glob("*")}
    objects = {f"{file.name}: {line}" for file in IPC if file.is_file() for line in file.read_text().splitlines()[1:]}
    return names | queues | objects
