# exercise: sinusoidal_position_encoding
# mistake: np.tile in place of np.repeat, so a sine and its cosine get the angles of two hands
# %%
import numpy as np


def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    speed = base ** (-2 * np.arange(dim // 2) / dim)
    angles = np.arange(num_positions)[:, None] * np.tile(speed, 2)[None, :]
    even = np.arange(dim) % 2 == 0
    return np.where(even, np.sin(angles), np.cos(angles)).astype("float32")


# %%
def position_shift_matrix(offset, dim, base=10000.0):
    b = offset * base ** (-2 * np.arange(dim // 2) / dim)
    m = np.diag(np.repeat(np.cos(b), 2))
    for i, s in enumerate(np.sin(b)):
        m[2 * i, 2 * i + 1], m[2 * i + 1, 2 * i] = s, -s
    return m.astype("float32")
