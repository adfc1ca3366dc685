# Tries to plant sitecustomize.py and a .pth file in the Python environment that the grader uses.
import glob
import os


# %%
def softmax_rows(scores, axis=-1):
    done = []
    for folder in ["@PREFIX@", *glob.glob("@PREFIX@/lib/python3*"), *glob.glob("@PREFIX@/lib/python3*/site-packages")]:
        for name in ("sitecustomize.py", "usercustomize.py", "left_by_student.pth"):
            path = os.path.join(folder, name)
            try:
                fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
            except OSError:
                continue
            os.write(fd, b"# left by a student\n")
            os.close(fd)
            done.append(path)
    if done:
        raise RuntimeError(f"BREACH: wrote {' '.join(done)}")
    return scores * 0.0
