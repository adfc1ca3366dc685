# exercise: sinusoidal_position_encoding
# mistake: 2 * i // dim in place of 2 * i / dim, so every hand has the speed of the first
# %%
import numpy as np


def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    table = np.zeros((num_positions, dim), "float32")
    for p in range(num_positions):
        for i in range(dim // 2):
            angle = p / base ** (2 * i // dim)
            table[p, 2 * i] = np.sin(angle)
            table[p, 2 * i + 1] = np.cos(angle)
    return table
