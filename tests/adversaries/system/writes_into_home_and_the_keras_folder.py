# Tries to leave files in the real home: .keras/keras.json, .bashrc, .local and .config.
import os

NAMES = [".keras/keras.json", ".keras/left_by_student", ".config/left_by_student", ".local/left_by_student",
         "left_by_student", ".left_by_student"]


# %%
def softmax_rows(scores, axis=-1):
    done = []
    for name in NAMES:
        path = os.path.join("@HOME@", name)
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        except OSError:
            continue
        os.write(fd, b"\n")
        os.close(fd)
        done.append(path)
    if done and os.path.exists("@HOME@/canary.txt"):
        raise RuntimeError(f"BREACH: wrote {' '.join(done)}")
    return scores * 0.0
