"""The grader's own memory while it runs: sampled over its processes, without the zygotes that run student code."""

from __future__ import annotations

import threading
import time

import psutil

ZYGOTE = "autograder.run.zygote"  # stands on the command line of a zygote, of its wrapper and of its forks
INTERVAL = 1.0
COUNTED = (
    "memory of `autograder grade` and all processes that it started, summed, without zygotes and what runs below them: "
    f"resident pages, those that several processes share in equal parts (PSS); sampled every {INTERVAL} s"
)


class Memory:
    """The peak of a process tree's memory."""

    def __init__(self) -> None:
        """Nothing is watched yet."""
        self.peak_bytes, self.processes = 0, 0

    def watch(self, process: int) -> None:
        """Sample the tree below a process until it ends."""
        threading.Thread(target=self.sample, args=(psutil.Process(process),), daemon=True).start()

    def sample(self, top: psutil.Process) -> None:
        """Keep the largest sum, and how many processes it was made of."""
        while top.is_running() and top.status() != psutil.STATUS_ZOMBIE:
            found = [resident(process) for process in own_processes(top)]
            if sum(found) > self.peak_bytes:
                self.peak_bytes, self.processes = sum(found), len(found)
            time.sleep(INTERVAL)


def own_processes(top: psutil.Process) -> list[psutil.Process]:
    """A process and all below it, except zygotes and what they started."""
    found, left_out = [top], set()
    try:
        below = top.children(recursive=True)  # parents before their children
    except psutil.NoSuchProcess:
        return found
    for process in below:
        try:
            if process.ppid() in left_out or ZYGOTE in " ".join(process.cmdline()):
                left_out.add(process.pid)
            else:
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


def resident(process: psutil.Process) -> int:
    """A process's part of resident memory; 0 once it has ended."""
    try:
        return int(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0
