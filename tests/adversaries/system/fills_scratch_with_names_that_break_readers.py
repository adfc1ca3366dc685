# Tries to break the disk watchdog and the clean-up with file names that are no UTF-8, newlines, dashes and endless loops.
import os
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()
NAMES = [b"\xff\xfe\xfd", b"new\nline", b"-rf", b"--", b" ", b"*", b"$(touch @OUTSIDE@/expanded)".replace(b"/", b"\\"),
         b"\x1b[2J", b"'; DROP TABLE marks; --", "\u202e".encode(), b"x" * 255]


# %%
def softmax_rows(scores, axis=-1):
    folder = tempfile.mkdtemp(dir=SCRATCH).encode()
    for name in NAMES:
        place = os.path.join(folder, name)
        for make in (lambda: os.mkdir(place), lambda: os.symlink(b"..", place + b"/loop"),
                     lambda: os.symlink(name, place + b"/self"), lambda: os.mkfifo(place + b"/fifo")):
            try:
                make()
            except OSError:
                pass
    return scores * 0.0
