# exercise: linear_cka
# mistake: subtracts the mean of all entries (axis forgotten) in place of the mean of each column
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def linear_cka(x, y):
    x = ops.convert_to_numpy(x).astype("float64")
    y = ops.convert_to_numpy(y).astype("float64")
    x = x - np.mean(x)
    y = y - np.mean(y)
    above = np.linalg.norm(y.T @ x) ** 2
    return above / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y))
