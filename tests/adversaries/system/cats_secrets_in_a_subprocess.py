# Tries to read secrets in other programs: cat, sh, grep, dd, python and posix_spawn.
import re
import subprocess
import sys

def tell(data):
    text = data if isinstance(data, str) else bytes(data).decode("latin-1")
    found = re.findall(r"CANARY-[0-9a-fA-F]{16}", text)
    if found:
        raise RuntimeError(" ".join(sorted(set(found)))[:450])

COMMANDS = [
    ["cat", "@HOME@/canary.txt", "@ROOT@/gradebook.db", "@ROOT@/secret_seed"],
    ["/bin/sh", "-c", "cat @ROOT@/source/* @CHECKOUT@/solutions/* @ROOT@/secret_seed @HOME@/canary.txt"],
    ["grep", "-rahoE", "CANARY-[0-9a-fA-F]{16}", "@ROOT@", "@CHECKOUT@/solutions", "@HOME@/canary.txt"],
    ["dd", "if=@ROOT@/gradebook.db", "bs=1M", "count=1"],
    ["/bin/sh", "-c", "env; cat /proc/$PPID/environ; cat /proc/1/environ"],
    [sys.executable, "-c", "print(open('@HOME@/canary.txt').read(), open('@ROOT@/secret_seed').read())"],
]


# %%
def softmax_rows(scores, axis=-1):
    for command in COMMANDS:
        try:
            done = subprocess.run(command, capture_output=True, timeout=10, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError):
            continue
        tell(done.stdout[: 1 << 22])
    return scores * 0.0
