# %%
import itertools

import keras
import numpy as np
from keras import ops

# %%
def tokens_of(height, width):
    """All tokens as (row, column), row by row."""
    yield from itertools.product(range(height), range(width))


def pairs_of(height, width):
    yield from itertools.product(tokens_of(height, width), repeat=2)


def local_attention_mask(height, width, radius):
    entries = (max(abs(a - c), abs(b - d)) <= radius for (a, b), (c, d) in pairs_of(height, width))
    return np.fromiter(entries, dtype=bool).reshape(height * width, -1)


# %%
def axial_attention(x, axis, attn):
    x = ops.convert_to_tensor(x)

    def lines():
        for n in range(x.shape[3 - axis]):
            yield ops.take(x, n, axis=3 - axis)

    return ops.stack(list(map(attn, lines())), axis=3 - axis)


# %%
def corners(height, width, window):
    for top in range(0, height, window):
        for left in range(0, width, window):
            yield top, left


def window_partition(x, window):
    x = ops.convert_to_tensor(x)

    def squares():
        for top, left in corners(x.shape[1], x.shape[2], window):
            yield x[:, top : top + window, left : left + window, :]

    stacked = ops.stack(list(squares()), axis=1)
    return ops.reshape(stacked, (-1, window**2, x.shape[3]))


# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    channels = windows.shape[-1]
    per_image = ops.reshape(windows, (-1, (height // window) * (width // window), window * window, channels))

    def grid_order():
        for y, x in tokens_of(height, width):
            which = (y // window) * (width // window) + x // window
            yield which * window**2 + (y % window) * window + x % window

    flat = ops.reshape(per_image, (-1, height * width, channels))
    return ops.reshape(ops.take(flat, np.fromiter(grid_order(), int), axis=1), (-1, height, width, channels))


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    def seen_along(side):
        for place in range(side):
            yield min(side, place + radius + 1) - max(0, place - radius)

    def terms():
        if kind == "global":
            yield (height * width) ** 2
        elif kind == "local":
            along = list(seen_along(width))
            for rows in seen_along(height):
                yield rows * sum(along)
        elif kind == "axial":
            yield width * height**2
            yield height * width**2
        elif kind == "window":
            for _ in corners(height, width, window):
                yield window**4

    return sum(terms())


# %%
def shifted_window_mask(height, width, window, shift):
    def masks():
        for top, left in corners(height, width, window):
            y = np.arange(top, top + window) < height - shift
            x = np.arange(left, left + window) < width - shift
            same_y, same_x = y[:, None] == y, x[:, None] == x
            yield np.kron(same_y.astype(float), same_x.astype(float))

    return np.stack(list(masks()))


# %%
def relative_position_index(window):
    def rows():
        for (a, b), (c, d) in pairs_of(window, window):
            yield (a - c + window - 1) * (2 * window - 1) + (b - d + window - 1)

    return np.fromiter(rows(), "int32", count=window**4).reshape(window**2, window**2)


# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.num_heads, self.window, self.shift = num_heads, window, shift
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.wq, self.wk, self.wv, self.wo = (keras.layers.Dense(dim) for _ in "qkvo")
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.rel_bias = self.add_weight(
            name="rel_bias", shape=((2 * window - 1) ** 2, num_heads), initializer="uniform"
        )

    def heads(self, q, k, v):
        """The heads of one window of every image, one after the other: q, k and v are (B, w*w, C)."""
        index = np.array(ops.convert_to_numpy(relative_position_index(self.window)), "int32")
        width = q.shape[-1] // self.num_heads
        for j in range(self.num_heads):
            part = slice(j * width, (j + 1) * width)
            scores = ops.einsum("bpc,bqc->bpq", q[..., part], k[..., part]) / np.float32(width**0.5)
            yield scores + ops.take(self.rel_bias[:, j], index), v[..., part]

    def windows(self, q, k, v, masks):
        """Attention in one window after the other."""
        for n, mask in enumerate(masks):
            heads = self.heads(q[:, n], k[:, n], v[:, n])
            mixed = [ops.softmax(ops.where(mask, scores, -1e9), axis=-1) @ values for scores, values in heads]
            yield ops.concatenate(mixed, axis=-1)

    def call(self, x, training=None):
        _, height, width, dim = x.shape
        t = window_partition(ops.roll(self.norm1(x), (-self.shift, -self.shift), (1, 2)), self.window)
        masks = ops.convert_to_numpy(shifted_window_mask(height, width, self.window, self.shift)).astype(bool)
        by_image = (-1, len(masks), self.window**2, dim)
        q, k, v = (ops.reshape(layer(t), by_image) for layer in (self.wq, self.wk, self.wv))
        out = ops.stack(list(self.windows(q, k, v, masks)), axis=1)
        out = self.wo(ops.reshape(out, (-1, self.window**2, dim)))
        out = window_reverse(out, self.window, height, width)
        x = x + ops.roll(out, (self.shift, self.shift), (1, 2))
        return x + self.mlp(self.norm2(x))


# %%
def patch_merging(x, kernel):
    x = ops.convert_to_tensor(x)

    def four():
        for column, row in itertools.product((0, 1), repeat=2):
            yield ops.take(ops.take(x, range(row, x.shape[1], 2), axis=1), range(column, x.shape[2], 2), axis=2)

    return ops.matmul(ops.concatenate(list(four()), axis=-1), kernel)


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
    def lines():
        for kind, more in (("global", {}), ("local", {"radius": 3}), ("axial", {}), ("window", {"window": 7})):
            yield [attention_pairs(kind, side, side, **more) for side in (14, 28, 56, 112, 224)]

    def backwards(kind, depth):
        reached = {5 * 16 + 9}
        for layer in range(depth, 0, -1):
            table = who_reads_whom(kind, layer)
            reached = set(itertools.chain.from_iterable(np.flatnonzero(table[p]) for p in reached))
        yield from (n in reached for n in range(192))

    reach = np.array(
        [
            [np.fromiter(backwards(kind, depth), bool).reshape(12, 16) for depth in (1, 2, 3)]
            for kind in ("local", "axial", "window", "shifted")
        ]
    )
    n, c = 112**2, 96
    ratio = (4 * n * c * c + 2 * c * n * n) / (4 * n * c * c + 2 * c * n * 7 * 7)
    return {"pairs": np.array(list(lines())), "reach": reach, "answer_1": ratio, "answer_2": [0, 0, 1, 1, 1, 1]}
