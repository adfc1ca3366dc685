# %%
import time

import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops

# %%
def local_attention_mask(height, width, radius):
    n = height * width
    mask = np.zeros((n, n), dtype="float32")
    for p in range(n):
        yp, xp = p // width, p % width
        for yq in range(max(0, yp - radius), min(height, yp + radius + 1)):
            for xq in range(max(0, xp - radius), min(width, xp + radius + 1)):
                mask[p, yq * width + xq] = 1.0
    return mask


# %%
def axial_attention(x, axis, attn):
    x = ops.convert_to_tensor(x)
    lines = []
    if axis == 1:
        for column in range(x.shape[2]):
            lines.append(attn(x[:, :, column, :]))
        return ops.stack(lines, axis=2)
    for row in range(x.shape[1]):
        lines.append(attn(x[:, row, :, :]))
    return ops.stack(lines, axis=1)


# %%
def window_partition(x, window):
    x = ops.convert_to_tensor(x)
    height, width, channels = x.shape[1], x.shape[2], x.shape[3]
    pieces = []
    for top in range(0, height, window):
        for left in range(0, width, window):
            tokens = []
            for i in range(window):
                for j in range(window):
                    tokens.append(x[:, top + i, left + j, :])
            pieces.append(ops.stack(tokens, axis=1))
    return ops.reshape(ops.stack(pieces, axis=1), (-1, window * window, channels))


# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    down, right = height // window, width // window
    channels = windows.shape[-1]
    w = ops.reshape(windows, (-1, down * right, window, window, channels))
    bands = []
    for a in range(down):
        row_of_windows = []
        for b in range(right):
            row_of_windows.append(w[:, a * right + b])
        bands.append(ops.concatenate(row_of_windows, axis=2))
    return ops.concatenate(bands, axis=1)


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    if kind == "global":
        return (height * width) ** 2
    if kind == "axial":
        return height * width * height + height * width * width
    if kind == "window":
        return height * width * window * window
    rows = 0
    for y in range(height):
        top = max(y - radius, 0)
        bottom = min(y + radius, height - 1)
        rows += bottom - top + 1
    columns = 0
    for x in range(width):
        left = max(x - radius, 0)
        right = min(x + radius, width - 1)
        columns += right - left + 1
    return rows * columns


# %%
def shifted_window_mask(height, width, window, shift):
    masks = []
    for top in range(0, height, window):
        for left in range(0, width, window):
            places = []
            for i in range(window):
                for j in range(window):
                    places.append((top + i >= height - shift, left + j >= width - shift))
            table = np.zeros((window * window, window * window), "int32")
            for p, a in enumerate(places):
                for q, b in enumerate(places):
                    if a == b:
                        table[p, q] = 1
            masks.append(table)
    return np.stack(masks)


# %%
def relative_position_index(window):
    n = window * window
    out = np.zeros((n, n), dtype="int64")
    for p in range(n):
        for q in range(n):
            dy = p // window - q // window
            dx = p % window - q % window
            out[p, q] = (dy + window - 1) * (2 * window - 1) + dx + window - 1
    return out


# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.dim, self.num_heads, self.window, self.shift = dim, num_heads, window, shift
        self.head = dim // num_heads
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.wq = keras.layers.Dense(dim)
        self.wk = keras.layers.Dense(dim)
        self.wv = keras.layers.Dense(dim)
        self.wo = keras.layers.Dense(dim)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.rel_bias = self.add_weight(
            shape=((2 * window - 1) ** 2, num_heads), initializer="zeros", name="rel_bias"
        )

    def call(self, x, training=None):
        height, width = x.shape[1], x.shape[2]
        t = self.norm1(x)
        if self.shift > 0:
            t = ops.roll(t, (-self.shift, -self.shift), axis=(1, 2))
        t = window_partition(t, self.window)
        q, k, v = self.wq(t), self.wk(t), self.wv(t)
        index = relative_position_index(self.window)
        n_tokens = self.window * self.window
        n_windows = (height // self.window) * (width // self.window)
        heads = []
        for j in range(self.num_heads):
            lo, hi = j * self.head, (j + 1) * self.head
            scores = ops.matmul(q[..., lo:hi], ops.transpose(k[..., lo:hi], (0, 2, 1)))
            scores = scores / np.sqrt(self.head).astype("float32")
            scores = scores + ops.take(self.rel_bias[:, j], index, axis=0)
            if self.shift > 0:
                mask = ops.cast(shifted_window_mask(height, width, self.window, self.shift), "bool")
                scores = ops.reshape(scores, (-1, n_windows, n_tokens, n_tokens))
                scores = ops.where(mask, scores, -1e9)
                scores = ops.reshape(scores, (-1, n_tokens, n_tokens))
            heads.append(ops.matmul(ops.softmax(scores, axis=-1), v[..., lo:hi]))
        t = self.wo(ops.concatenate(heads, axis=-1))
        t = window_reverse(t, self.window, height, width)
        if self.shift > 0:
            t = ops.roll(t, (self.shift, self.shift), axis=(1, 2))
        h = x + t
        return h + self.mlp(self.norm2(h))


# %%
def patch_merging(x, kernel):
    x = ops.convert_to_tensor(x)
    parts = []
    for column in range(2):
        for row in range(2):
            parts.append(x[:, row::2, column::2, :])
    return ops.matmul(ops.concatenate(parts, axis=-1), kernel)


# %%
def who_reads_whom(kind, layer):
    """Who is read by whom in one layer, on a grid of 12 x 16 tokens: (192, 192), True where row p reads column q.

    It asks your own functions.

    Args:
        kind: "local", radius 1; "axial", along the height in layers 1 and 3 and along the width in layer 2; "window",
            of side 4; "shifted", the same, but shifted by 2 in layer 2.
        layer: 1, 2 or 3.
    """
    if kind == "local":
        return np.array(ops.convert_to_numpy(local_attention_mask(12, 16, 1)), bool)
    if kind == "axial":
        lamps = np.eye(192, dtype="float32").reshape(1, 12, 16, 192)  # token p lights lamp p
        lit = axial_attention(lamps, 2 if layer == 2 else 1, lambda t: ops.mean(t, axis=1, keepdims=True) + 0 * t)
        return ops.convert_to_numpy(lit).reshape(192, 192) > 0
    shift = 2 if kind == "shifted" and layer == 2 else 0
    numbers = np.roll(np.arange(192).reshape(1, 12, 16, 1), (-shift, -shift), axis=(1, 2))
    members = ops.convert_to_numpy(window_partition(numbers, 4))[..., 0]
    reads = np.zeros((192, 192), bool)
    reads[members[:, :, None], members[:, None]] = ops.convert_to_numpy(shifted_window_mask(12, 16, 4, shift))
    return reads


# %%
def figure():
    sides = (14, 28, 56, 112, 224)
    pairs = np.zeros((4, 5))
    for column, side in enumerate(sides):
        pairs[0, column] = attention_pairs("global", side, side)
        pairs[1, column] = attention_pairs("local", side, side, radius=3)
        pairs[2, column] = attention_pairs("axial", side, side)
        pairs[3, column] = attention_pairs("window", side, side, window=7)
    reach = np.zeros((4, 3, 12, 16))
    for k, kind in enumerate(("local", "axial", "window", "shifted")):
        for depth in (1, 2, 3):
            reached = np.zeros(192, bool)
            reached[5 * 16 + 9] = True
            for layer in range(depth, 0, -1):
                table = who_reads_whom(kind, layer)
                following = np.zeros(192, bool)
                for p in range(192):
                    if reached[p]:
                        following |= table[p]
                reached = following
            reach[k, depth - 1] = reached.reshape(12, 16)
    n, c = 112 * 112, 96
    everybody = 4 * n * c**2 + 2 * c * n**2
    windows = 4 * n * c**2 + 2 * c * n * 49
    return {"pairs": pairs, "reach": reach, "answer_1": everybody / windows, "answer_2": [0, 0, 1, 1, 1, 1]}
