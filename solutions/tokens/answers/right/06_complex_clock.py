# %%
import numpy as np


def hands(positions, dim, base):
    """The tips of all hands as complex numbers sin + j cos, one row for each position."""
    speed = base ** (-2.0 * np.arange(dim // 2) / dim)
    return 1j * np.exp(-1j * np.multiply.outer(np.asarray(positions, float), speed))


# %%
def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    tips = np.ascontiguousarray(hands(range(num_positions), dim, base))
    return tips.view(np.float64).astype("float32")  # a complex number is its two parts side by side


# %%
def position_shift_matrix(offset, dim, base=10000.0):
    sine, cosine = (part(hands([offset], dim, base))[0] for part in (np.real, np.imag))
    m = np.zeros((dim // 2, 2, dim // 2, 2))
    k = np.arange(dim // 2)
    m[k, 0, k, 0] = m[k, 1, k, 1] = cosine
    m[k, 0, k, 1] = sine
    m[k, 1, k, 0] = -sine
    return m.reshape(dim, dim).astype("float32")
