# Tries to let other services run a command outside: systemd-run, at, batch, dbus, screen, tmux, docker.
import subprocess

TOUCH = "touch '@OUTSIDE@/ran_by_a_service'"
COMMANDS = [["systemd-run", "--user", "--collect", "--no-block", "sh", "-c", TOUCH],
            ["systemd-run", "--collect", "--no-block", "sh", "-c", TOUCH],
            ["sh", "-c", f'echo "{TOUCH}" | at now'], ["sh", "-c", f'echo "{TOUCH}" | batch'],
            ["busctl", "--user", "list"], ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/",
             "org.freedesktop.DBus.ListNames"], ["tmux", "run-shell", TOUCH], ["docker", "version"]]


# %%
def softmax_rows(scores, axis=-1):
    answered = []
    for command in COMMANDS:
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=10)
        except (OSError, subprocess.SubprocessError):
            continue
        if done.returncode == 0:
            answered.append(command[0])
    if answered:
        raise RuntimeError(f"BREACH: services outside answered: {answered}")
    return scores * 0.0
