# Tries to rewrite .pyc and .py files of installed packages (it writes a byte as it was) and to add one to a __pycache__.
import glob
import os


# %%
def softmax_rows(scores, axis=-1):
    done = []
    for path in glob.glob("@PREFIX@/lib/python3*/site-packages/**/*.py*", recursive=True)[:400]:
        try:
            fd = os.open(path, os.O_RDWR)
        except OSError:
            continue
        os.pwrite(fd, os.pread(fd, 1, 0), 0)
        os.close(fd)
        done.append(path)
        break
    for folder in glob.glob("@PREFIX@/lib/python3*/site-packages/**/__pycache__", recursive=True)[:400]:
        try:
            with open(f"{folder}/left_by_student.cpython-311.pyc", "wb") as f:
                f.write(b"poison")
        except OSError:
            continue
        done.append(folder)
        break
    if done:
        raise RuntimeError(f"BREACH: changed {' '.join(done)}")
    return scores * 0.0
