# exercise: position_shift_matrix
# mistake: the matrix for one step ** offset, which is a power of each entry and not of the matrix
# %%
import numpy as np


def one_step(dim, base):
    step = np.zeros((dim, dim))
    for i in range(dim // 2):
        b = 1 / base ** (2 * i / dim)
        step[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[np.cos(b), np.sin(b)], [-np.sin(b), np.cos(b)]]
    return step


# %%
def position_shift_matrix(offset, dim, base=10000.0):
    step = one_step(dim, base)
    if offset < 0:
        step = np.linalg.inv(step)
    return (step ** abs(offset)).astype("float32")
