# %%
import keras
import numpy as np
from keras import ops

# %%
def make_near(radius):
    """-> a function: a table of who is near whom along one axis."""

    def near(length):
        # ones on the diagonal and on `radius` diagonals on each side of it
        return np.tril(np.triu(np.ones((length, length)), -radius), radius)

    return near


def local_attention_mask(height, width, radius):
    near = make_near(radius)
    return np.kron(near(height), near(width))


# %%
def axial_attention(x, axis, attn):
    def along_width(grid):
        return ops.reshape(attn(ops.reshape(grid, (-1, *grid.shape[2:]))), (-1, *grid.shape[1:]))

    def along_height(grid):
        flip = lambda g: ops.transpose(g, (0, 2, 1, 3))
        return flip(along_width(flip(grid)))

    return (along_height if axis == 1 else along_width)(ops.convert_to_tensor(x))


# %%
def window_partition(x, window):
    x = ops.convert_to_tensor(x)
    axes = "B rows down columns right C".split()

    def order(wish):
        return [axes.index(name) for name in wish.split()]

    b, h, w, c = ops.shape(x)
    x = ops.reshape(x, (b, h // window, window, w // window, window, c))
    x = ops.transpose(x, order("B rows columns down right C"))
    return ops.reshape(x, (b * (h // window) * (w // window), window * window, c))


# %%
def window_reverse(windows, window, height, width):
    # undo by asking the scissors themselves: cut a grid of numbers, and see where each number went
    numbers = np.arange(height * width).reshape(1, height, width, 1)
    went = ops.convert_to_numpy(window_partition(numbers, window)).ravel()
    windows = ops.convert_to_tensor(windows)
    flat = ops.reshape(windows, (-1, height * width, windows.shape[-1]))
    return ops.reshape(ops.take(flat, np.argsort(went), axis=1), (-1, height, width, windows.shape[-1]))


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    def counter(sees):
        return lambda length: sum(sees(i, length) for i in range(length))

    everything = counter(lambda i, length: length)
    only_itself = counter(lambda i, length: 1)
    in_window = counter(lambda i, length: window)
    near = counter(lambda i, length: min(i + radius, length - 1) - max(i - radius, 0) + 1)
    if kind == "axial":
        return everything(height) * only_itself(width) + only_itself(height) * everything(width)
    count = {"global": everything, "local": near, "window": in_window}[kind]
    return count(height) * count(width)


# %%
def shifted_window_mask(height, width, window, shift):
    def cut_axis(length):
        beyond = (np.arange(length) >= length - shift).reshape(-1, window)
        return np.equal(beyond[:, :, None], beyond[:, None, :])

    down, right = cut_axis(height), cut_axis(width)
    return np.array([np.kron(a, b) for a in down for b in right])


# %%
def relative_position_index(window):
    # seen from the last token, the first row of a table of (2w - 1) x (2w - 1) cells is one long way off
    cells = np.arange((2 * window - 1) ** 2).reshape(2 * window - 1, 2 * window - 1)

    def keys_of(y, x):
        return cells[y : y + window, x : x + window][::-1, ::-1].ravel()

    return np.stack([keys_of(y, x) for y in range(window) for x in range(window)])


# %%
class SwinBlock(keras.layers.Layer):
    """All tokens of the image attend to each other, under one large mask and with one large table of biases.

    It computes the same numbers as windows do (and takes more time over it).
    """

    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.dim, self.num_heads, self.window, self.shift = dim, num_heads, window, shift
        make_norm = lambda: keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm1, self.norm2 = make_norm(), make_norm()
        self.wq = keras.layers.Dense(dim)
        self.wk = keras.layers.Dense(dim)
        self.wv = keras.layers.Dense(dim)
        self.wo = keras.layers.Dense(dim)
        inputs = keras.Input((None, None, dim))
        hidden = keras.layers.Dense(mlp_dim, activation="gelu")(inputs)
        self.mlp = keras.Model(inputs, keras.layers.Dense(dim)(hidden))
        self.rel_bias = self.add_weight(
            shape=((2 * window - 1) ** 2, num_heads), initializer="zeros", name="rel_bias"
        )

    def who_and_how(self, height, width):
        """Who attends to whom in the image that was not rolled, (HW, HW), and which row of the table they use."""
        w, s = self.window, self.shift
        y, x = np.divmod(np.arange(height * width), width)
        i, j = (y - s) % height, (x - s) % width  # places in the rolled grid

        def same(values):
            return values[:, None] == values[None, :]

        allowed = same(i // w) & same(j // w) & same(i >= height - s) & same(j >= width - s)
        down = i[:, None] % w - i[None] % w + w - 1
        right = j[:, None] % w - j[None] % w + w - 1
        return allowed, (down * (2 * w - 1) + right).astype("int32")

    def call(self, x, training=None):
        height, width = x.shape[1], x.shape[2]
        tokens = ops.reshape(self.norm1(x), (-1, height * width, self.dim))
        allowed, index = self.who_and_how(height, width)

        def heads(layer):
            y = ops.reshape(layer(tokens), (-1, height * width, self.num_heads, self.dim // self.num_heads))
            return ops.transpose(y, (0, 2, 1, 3))

        q, k, v = map(heads, (self.wq, self.wk, self.wv))
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / (self.dim / self.num_heads) ** 0.5
        scores = scores + ops.transpose(ops.take(self.rel_bias, index, axis=0), (2, 0, 1))
        weights = ops.softmax(ops.where(allowed, scores, -np.inf), axis=-1)
        out = ops.transpose(ops.matmul(weights, v), (0, 2, 1, 3))
        h = x + self.wo(ops.reshape(out, (-1, height, width, self.dim)))
        return h + self.mlp(self.norm2(h))


# %%
def patch_merging(x, kernel):
    # cut into windows of 2 by 2, and take the four tokens in Swin's order
    x = ops.convert_to_tensor(x)
    _, h, w, c = x.shape
    windows = window_partition(x, 2)
    four = ops.take(windows, [0, 2, 1, 3], axis=1)
    return ops.matmul(ops.reshape(four, (-1, h // 2, w // 2, 4 * c)), kernel)


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
    def line(kind, **more):
        return [attention_pairs(kind, side, side, **more) for side in (14, 28, 56, 112, 224)]

    def reached_by(token):
        def after(kind, depth):
            reached = np.arange(192) == token
            for layer in range(depth, 0, -1):
                reached = who_reads_whom(kind, layer)[reached].max(axis=0)
            return reached.reshape(12, 16)

        return after

    after = reached_by(5 * 16 + 9)
    reach = [[after(kind, n) for n in (1, 2, 3)] for kind in ("local", "axial", "window", "shifted")]
    price = lambda pairs: 4 * 112 * 112 * 96**2 + 2 * 96 * pairs
    return {
        "pairs": np.array([line("global"), line("local", radius=3), line("axial"), line("window", window=7)]),
        "reach": np.array(reach, dtype=int),
        "answer_1": price(112**4) / price(112**2 * 49),
        "answer_2": np.array([0, 0, 1, 1, 1, 1]),
    }
