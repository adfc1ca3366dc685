# %%
import keras
import numpy as np
from keras import ops


def clock(p, hand, dim, base):
    a = p / base ** (2 * hand / dim)
    return np.array([np.sin(a), np.cos(a)])


# %%
def position_shift_matrix(offset, dim, base=10000.0):
    # M is found from two positions of each hand: M [PE_0 PE_1] = [PE_k PE_k+1]
    m = np.zeros((dim, dim))
    for hand in range(dim // 2):
        before = np.stack([clock(0, hand, dim, base), clock(1, hand, dim, base)], axis=1)
        after = np.stack([clock(offset, hand, dim, base), clock(offset + 1, hand, dim, base)], axis=1)
        part = slice(2 * hand, 2 * hand + 2)
        m[part, part] = after @ np.linalg.inv(before)
    return ops.convert_to_tensor(m, dtype="float32")


# %%
def sinusoidal_position_encoding(num_positions, dim, base=10000.0):
    # one column after the other: a cosine is a sine a quarter of a turn later
    p = ops.arange(num_positions, dtype="float32")
    columns = []
    for column in range(dim):
        hand, is_cosine = divmod(column, 2)
        angles = p / float(base) ** (2 * hand / dim)
        columns.append(ops.sin(angles + is_cosine * np.pi / 2))
    return ops.stack(columns, axis=1)


# %%
class LearnedPositionEmbedding(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.embeddings = self.add_weight((num_positions, dim), initializer="zeros")
        self.rows = num_positions

    def call(self, x):
        # a matrix that picks the first T rows: (T, num_positions) of zeros and ones
        pick = ops.eye(x.shape[1], self.rows)
        return x + ops.einsum("tn,nd->td", pick, self.embeddings)


# %%
def dense_to_conv_kernel(kernel, patch_size, channels):
    parts = ops.split(kernel, patch_size * patch_size, axis=0)  # one (C, D) for each pixel
    rows = [ops.stack(parts[y * patch_size : (y + 1) * patch_size]) for y in range(patch_size)]
    return ops.stack(rows)
