# %%
import keras
import numpy as np
from keras import ops

# %%
def local_attention_mask(height, width, radius):
    tokens = [(y, x) for y in range(height) for x in range(width)]
    return [[int(max(abs(yp - yq), abs(xp - xq)) <= radius) for yq, xq in tokens] for yp, xp in tokens]


# %%
def axial_attention(x, axis, attn):
    x = ops.convert_to_tensor(x)
    return ops.stack([attn(line) for line in ops.unstack(x, axis=3 - axis)], axis=3 - axis)


# %%
def window_partition(x, window):
    x = ops.convert_to_tensor(x)
    h, w, c = x.shape[1:]
    squares = [
        ops.reshape(x[:, y : y + window, z : z + window], (-1, window * window, c))
        for y in range(0, h, window)
        for z in range(0, w, window)
    ]
    return ops.reshape(ops.stack(squares, axis=1), (-1, window * window, c))


# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    count, c = (height // window) * (width // window), windows.shape[2]
    per_image = [windows[n::count] for n in range(count)]
    squares = [ops.reshape(one, (-1, window, window, c)) for one in per_image]
    across = width // window
    return ops.concatenate(
        [ops.concatenate(squares[n : n + across], axis=2) for n in range(0, count, across)], axis=1
    )


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    if kind == "local":
        down, right = (
            sum(len(range(max(0, i - radius), min(side, i + radius + 1))) for i in range(side))
            for side in (height, width)
        )
        return down * right
    sees = height * width if kind == "global" else height + width if kind == "axial" else window * window
    return height * width * sees


# %%
def shifted_window_mask(height, width, window, shift):
    side = {
        (i, j): (i >= height - shift, j >= width - shift) for i in range(height) for j in range(width)
    }
    windows = [
        [side[top + i, left + j] for i in range(window) for j in range(window)]
        for top in range(0, height, window)
        for left in range(0, width, window)
    ]
    return np.array([[[p == q for q in one] for p in one] for one in windows])


# %%
def relative_position_index(window):
    places = [(y, x) for y in range(window) for x in range(window)]
    return np.array(
        [
            [(yp - yq + window - 1) * (2 * window - 1) + (xp - xq + window - 1) for yq, xq in places]
            for yp, xp in places
        ]
    )


# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.dim, self.num_heads, self.window, self.shift = dim, num_heads, window, shift
        self.wq, self.wk, self.wv, self.wo = [keras.layers.Dense(dim, name=name) for name in ("q", "k", "v", "o")]
        self.norm1, self.norm2 = [
            keras.layers.LayerNormalization(epsilon=epsilon, name=name) for name in ("before", "between")
        ]
        self.mlp = keras.Sequential(
            [keras.layers.Dense(*arguments) for arguments in ((mlp_dim, "gelu"), (dim,))], name="mlp"
        )
        self.rel_bias = self.add_weight(
            shape=((2 * window - 1) ** 2, num_heads), initializer="zeros", name="table", trainable=True
        )

    def call(self, x, training=None):
        height, width = x.shape[1:3]
        size, s, d = self.window**2, self.shift, self.dim // self.num_heads
        grid = ops.roll(self.norm1(x), shift=(-s, -s), axis=(1, 2))
        t = window_partition(grid, self.window)
        q, k, v = [
            [y[:, :, j * d : (j + 1) * d] for j in range(self.num_heads)] for y in (self.wq(t), self.wk(t), self.wv(t))
        ]
        index = np.array(relative_position_index(self.window), "int32")
        bias = [ops.take(self.rel_bias, index, axis=0)[:, :, j] for j in range(self.num_heads)]
        nw = (height // self.window) * (width // self.window)
        masks = np.array(shifted_window_mask(height, width, self.window, s), "float32")

        def weights(scores):
            # softmax by hand, the forbidden ones left out
            scores = ops.reshape(scores, (-1, nw, size, size))
            highest = ops.max(ops.where(masks > 0, scores, -1e9), axis=-1, keepdims=True)
            e = ops.where(masks > 0, ops.exp(ops.minimum(scores - highest, 0.0)), 0.0)
            return ops.reshape(e / ops.sum(e, axis=-1, keepdims=True), (-1, size, size))

        heads = [
            ops.matmul(weights(ops.matmul(a, ops.swapaxes(b, 1, 2)) / d**0.5 + extra), c)
            for a, b, c, extra in zip(q, k, v, bias, strict=True)
        ]
        out = window_reverse(self.wo(ops.concatenate(heads, axis=-1)), self.window, height, width)
        h = x + ops.roll(out, shift=(s, s), axis=(1, 2))
        return h + self.mlp(self.norm2(h))


# %%
def patch_merging(x, kernel):
    x = ops.convert_to_tensor(x)
    return ops.concatenate([x[:, i::2, j::2] for j in (0, 1) for i in (0, 1)], axis=3) @ ops.convert_to_tensor(kernel)


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
    sides = [14, 28, 56, 112, 224]
    asked = [("global", None, None), ("local", None, 3), ("axial", None, None), ("window", 7, None)]
    pairs = [[attention_pairs(kind, side, side, w, r) for side in sides] for kind, w, r in asked]

    def ask(kind, layers):
        reached = [5 * 16 + 9]
        for layer in layers:
            table = who_reads_whom(kind, layer)
            reached = [q for q in range(192) if any(table[p, q] for p in reached)]
        return [[int(y * 16 + x in reached) for x in range(16)] for y in range(12)]

    orders = [(1,), (2, 1), (3, 2, 1)]
    reach = [[ask(kind, order) for order in orders] for kind in ("local", "axial", "window", "shifted")]
    return {"pairs": pairs, "reach": reach, "answer_1": 52.846, "answer_2": [0, 0, 1, 1, 1, 1]}
