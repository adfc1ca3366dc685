# Tries to make device files for the disks and for /dev/mem in the scratch folder and to read them.
import os
import stat
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()
NUMBERS = [(stat.S_IFBLK, 8, 0), (stat.S_IFBLK, 254, 0), (stat.S_IFBLK, 253, 0), (stat.S_IFBLK, 259, 0),
           (stat.S_IFBLK, 7, 0), (stat.S_IFCHR, 1, 1), (stat.S_IFCHR, 1, 11), (stat.S_IFCHR, 10, 229)]


# %%
def softmax_rows(scores, axis=-1):
    folder = tempfile.mkdtemp(dir=SCRATCH)
    for kind, major, minor in NUMBERS:
        path = os.path.join(folder, f"{kind}_{major}_{minor}")
        try:
            os.mknod(path, kind | 0o600, os.makedev(major, minor))
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except OSError:
            continue
        os.close(fd)
        raise RuntimeError(f"BREACH: opened a device of its own, {major}:{minor}")
    return scores * 0.0
