# Tries to make the clean-up of scratch follow symlinks outside: to delete, chmod or measure what they point to.
import os
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


# %%
def softmax_rows(scores, axis=-1):
    folder = tempfile.mkdtemp(dir=SCRATCH)
    locked = os.path.join(folder, "locked")
    os.mkdir(locked)
    for place in (folder, locked):
        for name, target in (("a", "@OUTSIDE@"), ("b", "@OUTSIDE@/precious.txt"), ("c", "@ROOT@"), ("d", "@HOME@")):
            try:
                os.symlink(target, os.path.join(place, f"link_{name}"))
            except OSError:
                pass
    for path in (locked, folder):
        os.chmod(path, 0o000)
    # A folder that a watchdog or cleaner may have seen already becomes a symlink.
    try:
        os.rename(folder, folder + "_moved")
        os.symlink("@OUTSIDE@", folder)
    except OSError:
        pass
    return scores * 0.0
