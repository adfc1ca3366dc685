# Tries to delete a file outside: unlink, unlinkat on an O_PATH folder, rmdir, and shutil.rmtree of the folder.
import os
import shutil


# %%
def softmax_rows(scores, axis=-1):
    path = "@OUTSIDE@/precious.txt"
    if not os.path.exists(path):
        return scores * 0.0
    ways = [
        lambda: os.unlink(path),
        lambda: os.unlink("precious.txt", dir_fd=os.open("@OUTSIDE@", os.O_PATH)),
        lambda: os.unlink("/proc/self/root" + path),
        lambda: shutil.rmtree("@OUTSIDE@", ignore_errors=True),
    ]
    for i, way in enumerate(ways):
        try:
            way()
        except OSError:
            pass
        if not os.path.exists(path):
            raise RuntimeError(f"BREACH: way {i} deleted precious.txt")
    return scores * 0.0
