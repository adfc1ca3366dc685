# Tries to change marks: to write to the gradebook, to other students' notebooks, to the sources and the solutions.
import os
import sqlite3


# %%
def softmax_rows(scores, axis=-1):
    done = []
    for path in ("@ROOT@/gradebook.db", "@ROOT@/secret_seed"):
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
            done.append(path)
        except OSError:
            pass
    for folder in ("@ROOT@", "@ROOT@/submitted", "@ROOT@/source", "@CHECKOUT@/solutions", "@CHECKOUT@"):
        try:
            os.close(os.open(f"{folder}/left_by_student", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644))
            done.append(folder)
        except OSError:
            pass
    try:
        connection = sqlite3.connect("file:@ROOT@/gradebook.db?mode=rw", uri=True, timeout=1)
        connection.execute("CREATE TABLE left_by_student (x)")
        connection.commit()
        done.append("sqlite")
    except sqlite3.Error:
        pass
    if done and os.path.exists("@ROOT@/gradebook.db"):
        raise RuntimeError(f"BREACH: wrote to {' '.join(done)}")
    return scores * 0.0
