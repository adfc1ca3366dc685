# Tries to write outside through C libraries: HDF5 files and external storage, model.save, np.save, TensorBoard, sqlite3.
import os
import sqlite3
import tempfile
import h5py
import keras
import numpy as np
import tensorflow as tf

SCRATCH = "/scratch" if os.access("/scratch", os.W_OK) else tempfile.gettempdir()


def external():
    with h5py.File(os.path.join(SCRATCH, "external.h5"), "w") as f:
        f.create_dataset("raw", (4,), "u1", external=[("@OUTSIDE@/library2", 0, 4)])[:] = 65


def database():
    with sqlite3.connect("@OUTSIDE@/library4") as connection:
        connection.execute("CREATE TABLE t (x)")


# %%
def softmax_rows(scores, axis=-1):
    ways = [
        lambda: h5py.File("@OUTSIDE@/library1", "w").close(),
        external,
        lambda: np.save(open("@OUTSIDE@/library3", "wb"), np.zeros(3)),
        database,
        lambda: keras.Sequential([keras.layers.Input((1,)), keras.layers.Dense(1)]).save("@OUTSIDE@/library5.keras"),
        lambda: tf.summary.create_file_writer("@OUTSIDE@/library6").init(),
    ]
    for way in ways:
        try:
            way()
        except Exception:
            pass
    done = [n for n in ("1", "2", "3", "4", "5.keras", "6") if os.path.exists("@OUTSIDE@/library" + n)]
    if done and os.path.exists("@OUTSIDE@/precious.txt"):
        raise RuntimeError(f"BREACH: libraries wrote outside: {done}")
    return scores * 0.0
