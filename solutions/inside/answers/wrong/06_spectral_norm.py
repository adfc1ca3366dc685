# exercise: linear_cka
# mistake: norm(m, 2), which is the largest singular value of a matrix and not the norm of Frobenius
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def linear_cka(x, y):
    x = ops.convert_to_numpy(x).astype("float64")
    y = ops.convert_to_numpy(y).astype("float64")
    x = x - x.mean(axis=0, keepdims=True)
    y = y - y.mean(axis=0, keepdims=True)

    def norm(matrix):
        return np.linalg.norm(matrix, 2)

    return norm(y.T @ x) ** 2 / (norm(x.T @ x) * norm(y.T @ y))
