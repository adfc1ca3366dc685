# Tries to become another user: setuid and file-capability programs (su, sudo, mount, passwd, ping), setuid itself.
import ctypes
import os
import subprocess

COMMANDS = [["su", "-c", "id -u"], ["sudo", "-n", "id", "-u"], ["mount", "-t", "tmpfs", "none", "/no_such_folder"],
            ["passwd", "-S"], ["newgrp", "root"], ["pkexec", "--version"], ["chsh", "--help"], ["fusermount", "-V"]]


# %%
def softmax_rows(scores, axis=-1):
    if ctypes.CDLL(None).prctl(39, 0, 0, 0, 0) == 0:
        raise RuntimeError("BREACH: no_new_privs is off, so setuid programs give rights")
    before = os.getresuid()
    for call in (lambda: os.setuid(0), lambda: os.setresuid(0, 0, 0), lambda: os.setgroups([0])):
        try:
            call()
        except OSError:
            pass
    if os.getresuid() != before:
        raise RuntimeError(f"BREACH: became user {os.getresuid()}")
    for command in COMMANDS:
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=5)
        except (OSError, subprocess.SubprocessError):
            continue
        if done.stdout.strip() == b"0" and before[0] != 0:
            raise RuntimeError(f"BREACH: {command} ran as root")
    return scores * 0.0
