# %%
import keras
import numpy as np
from keras import ops

# %%
def local_attention_mask(height, width, radius):
    rows = (np.abs(np.subtract.outer(np.arange(height), np.arange(height))) <= radius).astype("int64")
    columns = (np.abs(np.subtract.outer(np.arange(width), np.arange(width))) <= radius).astype("int64")
    return np.einsum("ab,cd->acbd", rows, columns).reshape(height * width, height * width)


# %%
def axial_attention(x, axis, attn):
    x = ops.convert_to_tensor(x)
    _, h, w, c = x.shape
    if axis == 1:
        lines = ops.reshape(ops.einsum("bhwc->bwhc", x), (-1, h, c))
        return ops.einsum("bwhc->bhwc", ops.reshape(attn(lines), (-1, w, h, c)))
    return ops.reshape(attn(ops.reshape(x, (-1, w, c))), (-1, h, w, c))


# %%
def window_partition(x, window):
    x = ops.convert_to_tensor(x)
    _, h, w, c = x.shape
    six = ops.reshape(x, (-1, h // window, window, w // window, window, c))
    return ops.reshape(ops.einsum("byixjc->byxijc", six), (-1, window**2, c))


# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    six = ops.reshape(windows, (-1, height // window, width // window, window, window, windows.shape[-1]))
    return ops.reshape(ops.einsum("byxijc->byixjc", six), (-1, height, width, windows.shape[-1]))


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    n = height * width

    def near(side):
        r = min(radius, side - 1)
        return side * (2 * r + 1) - r * (r + 1)

    if kind == "global":
        return n * n
    if kind == "local":
        return near(height) * near(width)
    if kind == "axial":
        return n * (height + width)
    return n * window**2


# %%
def shifted_window_mask(height, width, window, shift):
    # which of the four pieces each token is in, as one-hot vectors; two tokens may meet if their dot product is 1
    below = np.arange(height) >= height - shift
    right = np.arange(width) >= width - shift
    row_sides = np.stack([~below, below], -1).astype("float32")
    column_sides = np.stack([~right, right], -1).astype("float32")
    pieces = np.einsum("ya,xb->yxab", row_sides, column_sides).reshape(1, height, width, 4)
    cut = window_partition(pieces, window)
    return ops.einsum("npr,nqr->npq", cut, cut)


# %%
def relative_position_index(window):
    steps = np.arange(window)[:, None] - np.arange(window) + window - 1
    one = np.ones((window, window), dtype=steps.dtype)
    rows = np.einsum("ab,cd->acbd", steps, one)
    columns = np.einsum("ab,cd->acbd", one, steps)
    return (rows * (2 * window - 1) + columns).reshape(window**2, window**2)


# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.h, self.d, self.w, self.s = num_heads, dim // num_heads, window, shift
        self.rel_bias = self.add_weight(
            name="rel_bias", shape=((2 * window - 1) ** 2, num_heads), initializer="random_normal"
        )
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.wq = keras.layers.Dense(dim)
        self.wk = keras.layers.Dense(dim)
        self.wv = keras.layers.Dense(dim)
        self.wo = keras.layers.Dense(dim)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, activation="gelu"), keras.layers.Dense(dim)])

    def call(self, x, training=None):
        _, height, width, c = x.shape
        t = window_partition(ops.roll(self.norm1(x), (-self.s, -self.s), axis=(1, 2)), self.w)
        n_windows, tokens = (height // self.w) * (width // self.w), self.w**2

        def split(y):
            return ops.reshape(y, (-1, n_windows, tokens, self.h, self.d))

        q, k, v = split(self.wq(t)), split(self.wk(t)), split(self.wv(t))
        scores = ops.einsum("bnphd,bnqhd->bnhpq", q, k) * self.d**-0.5
        one_hot = ops.one_hot(relative_position_index(self.w), (2 * self.w - 1) ** 2)
        scores = scores + ops.einsum("pqr,rh->hpq", one_hot, self.rel_bias)
        mask = ops.cast(shifted_window_mask(height, width, self.w, self.s), scores.dtype)
        scores = scores + (mask[:, None] - 1.0) * 1e9
        mixed = ops.einsum("bnhpq,bnqhd->bnphd", ops.softmax(scores), v)
        t = window_reverse(self.wo(ops.reshape(mixed, (-1, tokens, c))), self.w, height, width)
        x = x + ops.roll(t, (self.s, self.s), axis=(1, 2))
        return x + self.mlp(self.norm2(x))


# %%
def patch_merging(x, kernel):
    x, kernel = ops.convert_to_tensor(x), ops.convert_to_tensor(kernel)
    _, h, w, c = x.shape
    blocks = ops.reshape(x, (-1, h // 2, 2, w // 2, 2, c))
    return ops.einsum("byixjc,jicd->byxd", blocks, ops.reshape(kernel, (2, 2, c, 2 * c)))


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
    more = {"global": {}, "local": {"radius": 3}, "axial": {}, "window": {"window": 7}}
    pairs = [[attention_pairs(kind, s, s, **more[kind]) for s in (14, 28, 56, 112, 224)] for kind in more]
    reach = []
    for kind in ("local", "axial", "window", "shifted"):
        one, two, three = (who_reads_whom(kind, n).astype("int64") for n in (1, 2, 3))
        asks = np.eye(192, dtype="int64")[5 * 16 + 9]
        vectors = [
            np.einsum("p,pq->q", asks, one),
            np.einsum("p,pq,qr->r", asks, two, one, optimize=True),
            np.einsum("p,pq,qr,rs->s", asks, three, two, one, optimize=True),
        ]
        reach.append([(vector > 0).reshape(12, 16) for vector in vectors])
    return {
        "pairs": np.array(pairs, dtype="int64"),
        "reach": np.array(reach).astype("int32"),
        "answer_1": (4 * 96 + 2 * 112**2) / (4 * 96 + 2 * 49),
        "answer_2": np.array([0, 0, 1, 1, 1, 1]),
    }
