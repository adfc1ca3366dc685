# Tries to reach the network through other programs: curl, wget, bash's /dev/tcp, nc, a new Python.
import subprocess
import sys

COMMANDS = [
    ["curl", "-sS", "-m", "3", "http://127.0.0.1:@PORT@/"],
    ["wget", "-q", "-T", "3", "-t", "1", "-O", "-", "http://127.0.0.1:@PORT@/"],
    ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/@PORT@ && echo hello >&3 && echo REACHED"],
    ["nc", "-w", "2", "-z", "127.0.0.1", "@PORT@"],
    ["nc", "-w", "2", "-U", "@SOCKET@"],
    ["ping", "-c", "1", "-W", "2", "127.0.0.1"],
    [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', @PORT@), 3); print('REACHED')"],
]


# %%
def softmax_rows(scores, axis=-1):
    for command in COMMANDS:
        try:
            done = subprocess.run(command, capture_output=True, timeout=10, stdin=subprocess.DEVNULL)
        except (OSError, subprocess.SubprocessError):
            continue
        if b"REACHED" in done.stdout:
            raise RuntimeError(f"BREACH: {command[0]} made a connection")
    return scores * 0.0
