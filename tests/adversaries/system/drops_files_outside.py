# Tries to make files in the world-writable folder outside with open, libc creat, openat on an O_PATH folder and gfile.
import ctypes
import os
import tensorflow as tf

TARGET = "@OUTSIDE@/dropped"


# %%
def with_folder_descriptor():
    folder = os.open("@OUTSIDE@", os.O_PATH | os.O_DIRECTORY)
    os.close(os.open("dropped3", os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=folder))


def with_chdir():
    here = os.getcwd()
    os.chdir("@OUTSIDE@")
    try:
        open("dropped4", "w").close()
    finally:
        os.chdir(here)


# %%
def softmax_rows(scores, axis=-1):
    ways = [
        lambda: open(TARGET + "1", "w").close(),
        lambda: ctypes.CDLL(None).creat((TARGET + "2").encode(), 0o644),
        with_folder_descriptor,
        with_chdir,
        lambda: tf.io.write_file(TARGET + "5", "x"),
        lambda: tf.io.gfile.copy("/proc/self/cmdline", TARGET + "6", overwrite=True),
    ]
    for way in ways:
        try:
            way()
        except (OSError, tf.errors.OpError):
            pass
    done = [i for i in range(1, 7) if os.path.exists(TARGET + str(i))]
    if done and os.path.exists("@OUTSIDE@/precious.txt"):
        raise RuntimeError(f"BREACH: files {done} were made outside")
    return scores * 0.0
