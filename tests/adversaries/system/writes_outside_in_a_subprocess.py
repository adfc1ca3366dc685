# Tries to write outside through other programs: sh, touch, cp, tee, python.
import os
import subprocess
import sys

COMMANDS = [
    ["/bin/sh", "-c", "echo hello > @OUTSIDE@/shell1; echo hello >> @OUTSIDE@/precious.txt"],
    ["touch", "@OUTSIDE@/shell2"],
    ["cp", "/proc/self/cmdline", "@OUTSIDE@/shell3"],
    ["tee", "@OUTSIDE@/shell4"],
    [sys.executable, "-c", "open('@OUTSIDE@/shell5', 'w').write('hello')"],
    ["ln", "-s", "/", "@OUTSIDE@/shell6"],
    ["touch", "-t", "200001010000", "@OUTSIDE@/precious.txt"],
    ["chmod", "777", "@OUTSIDE@/precious.txt"],
]


# %%
def softmax_rows(scores, axis=-1):
    for command in COMMANDS:
        try:
            subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20)
        except (OSError, subprocess.SubprocessError):
            pass
    done = [i for i in range(1, 7) if os.path.lexists(f"@OUTSIDE@/shell{i}")]
    if done and os.path.exists("@OUTSIDE@/precious.txt"):
        raise RuntimeError(f"BREACH: programs wrote outside: {done}")
    return scores * 0.0
