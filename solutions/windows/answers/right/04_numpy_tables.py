# %%
import keras
import numpy as np
from keras import ops

# %%
def local_attention_mask(height, width, radius):
    y, x = np.divmod(np.arange(height * width), width)
    return np.maximum(np.abs(y[:, None] - y), np.abs(x[:, None] - x)) <= radius


# %%
def axial_attention(x, axis, attn):
    # a table of token numbers: one row for each line of the grid
    h, w, c = ops.shape(x)[1:]
    places = np.arange(h * w).reshape(h, w)
    lines = places.T if axis == 1 else places
    flat = ops.reshape(x, (-1, h * w, c))
    sequences = ops.reshape(ops.take(flat, lines.ravel(), axis=1), (-1, lines.shape[1], c))
    done = ops.reshape(attn(sequences), (-1, h * w, c))
    return ops.reshape(ops.take(done, np.argsort(lines.ravel()), axis=1), (-1, h, w, c))


# %%
def _order(height, width, window):
    """The numbers of the tokens of one image in the order in which they stand in the windows."""
    i, j = np.indices((height, width))
    in_window = (i % window) * window + j % window
    which = (i // window) * (width // window) + j // window
    return np.lexsort((in_window.ravel(), which.ravel()))


def window_partition(x, window):
    _, height, width, channels = ops.shape(x)
    flat = ops.reshape(x, (-1, height * width, channels))
    sorted_tokens = ops.take(flat, _order(height, width, window), axis=1)
    return ops.reshape(sorted_tokens, (-1, window * window, channels))


# %%
def window_reverse(windows, window, height, width):
    channels = ops.shape(windows)[-1]
    images = ops.reshape(windows, (-1, height * width, channels))
    back = np.empty(height * width, dtype="int64")
    back[_order(height, width, window)] = np.arange(height * width)
    return ops.reshape(ops.take(images, back, axis=1), (-1, height, width, channels))


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    if kind == "local":
        y, x = np.arange(height), np.arange(width)
        sees_rows = (np.abs(y[:, None] - y) <= radius).sum()
        sees_columns = (np.abs(x[:, None] - x) <= radius).sum()
        return int(sees_rows) * int(sees_columns)
    each = {"global": height * width, "axial": height + width, "window": (window or 0) ** 2}[kind]
    return height * width * each


# %%
def shifted_window_mask(height, width, window, shift):
    region = np.zeros((height, width), int)
    region[height - shift :] += 1
    region[:, width - shift :] += 2
    cut = region.reshape(height // window, window, width // window, window).swapaxes(1, 2)
    cut = cut.reshape(-1, window * window)
    return (cut[:, :, None] == cut[:, None, :]).astype(np.uint8)


# %%
def relative_position_index(window):
    coordinates = np.stack(np.unravel_index(np.arange(window**2), (window, window)))
    step = coordinates[:, :, None] - coordinates[:, None, :] + window - 1
    return np.ravel_multi_index(tuple(step), (2 * window - 1, 2 * window - 1))


# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.dim, self.num_heads, self.window, self.shift = dim, num_heads, window, shift
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=epsilon) for _ in range(2))
        self.wq, self.wk, self.wv, self.wo = (keras.layers.Dense(dim) for _ in range(4))
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.rel_bias = self.add_weight(shape=((2 * window - 1) ** 2, num_heads), initializer="zeros")
        self.index = np.asarray(ops.convert_to_numpy(relative_position_index(window))).astype("int32")

    def call(self, x, training=None):
        _, height, width, dim = ops.shape(x)
        window, tokens = self.window, self.window**2
        # roll, cut, and later their inverses, as one list of numbers
        rolled = np.roll(np.arange(height * width).reshape(height, width), (-self.shift, -self.shift), (0, 1))
        order = rolled.ravel()[_order(height, width, window)]
        flat = ops.reshape(self.norm1(x), (-1, height * width, dim))
        t = ops.reshape(ops.take(flat, order, axis=1), (-1, tokens, dim))

        def heads(y):
            return ops.transpose(ops.reshape(y, (-1, tokens, self.num_heads, dim // self.num_heads)), (0, 2, 1, 3))

        q, k, v = heads(self.wq(t)), heads(self.wk(t)), heads(self.wv(t))
        scores = q @ ops.swapaxes(k, -1, -2) / float(np.sqrt(dim // self.num_heads))
        bias = ops.take(self.rel_bias, self.index.ravel(), axis=0)
        scores = scores + ops.transpose(ops.reshape(bias, (tokens, tokens, -1)), (2, 0, 1))
        if self.shift > 0:
            mask = np.array(ops.convert_to_numpy(shifted_window_mask(height, width, window, self.shift)), bool)
            forbidden = np.where(mask, 0.0, -1e9).astype("float32")
            scores = ops.reshape(scores, (-1, len(mask), self.num_heads, tokens, tokens))
            scores = ops.reshape(scores + forbidden[None, :, None], (-1, self.num_heads, tokens, tokens))
        out = ops.softmax(scores, axis=-1) @ v
        out = self.wo(ops.reshape(ops.transpose(out, (0, 2, 1, 3)), (-1, tokens, dim)))
        out = ops.take(ops.reshape(out, (-1, height * width, dim)), np.argsort(order), axis=1)
        h = x + ops.reshape(out, (-1, height, width, dim))
        return h + self.mlp(self.norm2(h))


# %%
def patch_merging(x, kernel):
    _, height, width, channels = ops.shape(x)
    blocks = ops.reshape(x, (-1, height // 2, 2, width // 2, 2, channels))
    blocks = ops.transpose(blocks, (0, 1, 3, 4, 2, 5))
    return ops.matmul(ops.reshape(blocks, (-1, height // 2, width // 2, 4 * channels)), kernel)


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
    side = np.array([14, 28, 56, 112, 224], dtype=np.int64)
    local = np.array([attention_pairs("local", int(s), int(s), radius=3) for s in side])
    pairs = np.stack([side**4, local, 2 * side**3, 49 * side**2])
    reach = np.empty((4, 3, 12, 16), dtype=np.float64)
    for k, kind in enumerate(["local", "axial", "window", "shifted"]):
        product = np.eye(192)
        for n in (1, 2, 3):
            # row p of the product: whom p hears of after n layers
            product = np.minimum(who_reads_whom(kind, n).astype(float) @ product, 1)
            reach[k, n - 1] = product[5 * 16 + 9].reshape(12, 16)
    bill = lambda pairs: 4 * 112**2 * 96**2 + 2 * 96 * pairs
    ratio = bill(attention_pairs("global", 112, 112)) / bill(attention_pairs("window", 112, 112, window=7))
    return {"pairs": pairs, "reach": reach, "answer_1": np.float64(ratio), "answer_2": (0, 0, 1, 1, 1, 1)}
