# %%
import keras
import numpy as np
from keras import ops
from keras.layers import Dense, LayerNormalization

# %%
def _rows_and_columns(height, width):
    """Row and column of each token, in the order of their numbers."""
    number = ops.arange(height * width)
    return ops.floor_divide(number, width), ops.mod(number, width)


def _all_differences(values):
    return ops.subtract(ops.reshape(values, (-1, 1)), ops.reshape(values, (1, -1)))


def local_attention_mask(height, width, radius):
    rows, columns = _rows_and_columns(height, width)
    vertically = ops.less_equal(ops.abs(_all_differences(rows)), radius)
    horizontally = ops.less_equal(ops.abs(_all_differences(columns)), radius)
    return ops.cast(ops.logical_and(vertically, horizontally), "float32")


# %%
class _Lines:
    """A grid as a batch of lines along its width, and the way back."""

    def __init__(self, grid):
        self.shape = tuple(grid.shape)
        self.batch = ops.reshape(grid, (-1,) + self.shape[2:])

    def back(self, lines):
        return ops.reshape(lines, (-1,) + self.shape[1:])


class _Columns(_Lines):
    def __init__(self, grid):
        super().__init__(ops.swapaxes(grid, 1, 2))

    def back(self, lines):
        return ops.swapaxes(super().back(lines), 1, 2)


def axial_attention(x, axis, attn):
    lines = {1: _Columns, 2: _Lines}[axis](ops.convert_to_tensor(x))
    return lines.back(attn(lines.batch))


# %%
def window_partition(x, window):
    x = ops.convert_to_tensor(x)
    # first cut into strips, then each strip into windows
    strips = ops.reshape(x, (-1, window, x.shape[2], x.shape[3]))  # (B * H/w, w, W, C)
    windows = ops.split(strips, x.shape[2] // window, axis=2)
    windows = ops.stack(windows, axis=1)
    return ops.reshape(windows, (-1, window * window, x.shape[3]))


# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    channels = windows.shape[2]
    strips = ops.reshape(windows, (-1, width // window, window, window, channels))
    strips = ops.swapaxes(strips, 1, 2)  # (B * H/w, w, W/w, w, C)
    return ops.reshape(strips, (-1, height, width, channels))


# %%
def _neighbours(side, radius):
    return sum(1 for a in range(side) for b in range(side) if abs(a - b) <= radius)


def attention_pairs(kind, height, width, window=None, radius=None):
    prices = {
        "global": lambda: pow(height * width, 2),
        "local": lambda: _neighbours(height, radius) * _neighbours(width, radius),
        "axial": lambda: width * height**2 + height * width**2,
        "window": lambda: (height // window) * (width // window) * window**4,
    }
    return prices[kind]()


# %%
def _sides(length, window, shift):
    """For each window along one axis: 1 where two places lie on the same side of the seam, (n, w, w)."""
    beyond = ops.reshape(ops.arange(length) >= length - shift, (-1, window))
    return ops.cast(ops.equal(ops.expand_dims(beyond, 2), ops.expand_dims(beyond, 1)), "int32")


def shifted_window_mask(height, width, window, shift):
    down, right = _sides(height, window, shift), _sides(width, window, shift)
    # token p of a window is in row p // w and column p % w of it
    rows, columns = _rows_and_columns(window, window)
    down = ops.take(ops.take(down, rows, axis=1), rows, axis=2)
    right = ops.take(ops.take(right, columns, axis=1), columns, axis=2)
    both = ops.expand_dims(down, 1) * ops.expand_dims(right, 0)
    return ops.reshape(both, (-1, window * window, window * window))


# %%
def relative_position_index(window):
    down, right = (_all_differences(part) + window - 1 for part in _rows_and_columns(window, window))
    return down * (2 * window - 1) + right


# %%
class TwoLayers(keras.layers.Layer):
    def __init__(self, hidden, dim, **kwargs):
        super().__init__(**kwargs)
        self.first = Dense(hidden, activation="gelu")
        self.second = Dense(dim)

    def call(self, x):
        return self.second(self.first(x))


class PreNormBlock(keras.layers.Layer):
    """h = x + attention(norm1(x)), y = h + mlp(norm2(h)); who attends to whom is left to the subclass."""

    def __init__(self, dim, mlp_dim, epsilon, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = LayerNormalization(epsilon=epsilon)
        self.norm2 = LayerNormalization(epsilon=epsilon)
        self.wq, self.wk, self.wv, self.wo = Dense(dim), Dense(dim), Dense(dim), Dense(dim)
        self.mlp = TwoLayers(mlp_dim, dim)

    def attention(self, x):
        raise NotImplementedError

    def call(self, x, training=None):
        h = x + self.attention(self.norm1(x))
        return h + self.mlp(self.norm2(h))


class SwinBlock(PreNormBlock):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(dim, mlp_dim, epsilon, **kwargs)
        self.dim = dim
        self.num_heads = num_heads
        self.window = window
        self.shift = shift
        self.rel_bias = self.add_weight(
            name="rel_bias", shape=((2 * window - 1) ** 2, num_heads), initializer="glorot_uniform"
        )

    def _split(self, t):
        t = ops.reshape(t, (-1, self.window**2, self.num_heads, self.dim // self.num_heads))
        return ops.transpose(t, (0, 2, 1, 3))

    def _bias(self):
        bias = ops.take(self.rel_bias, ops.cast(relative_position_index(self.window), "int32"), axis=0)
        return ops.transpose(bias, (2, 0, 1))

    def _masked(self, scores, height, width):
        if self.shift == 0:
            return scores
        mask = shifted_window_mask(height, width, self.window, self.shift)
        mask = ops.cast(ops.expand_dims(mask, 1), "bool")
        grouped = ops.reshape(scores, (-1,) + (mask.shape[0],) + tuple(scores.shape[1:]))
        grouped = ops.where(mask, grouped, ops.full_like(grouped, -1e30))
        return ops.reshape(grouped, (-1,) + tuple(scores.shape[1:]))

    def attention(self, x):
        height, width = x.shape[1], x.shape[2]
        t = window_partition(self._rolled(x, -self.shift), self.window)
        q, k, v = self._split(self.wq(t)), self._split(self.wk(t)), self._split(self.wv(t))
        q = q * (self.dim // self.num_heads) ** -0.5
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) + self._bias()
        weights = ops.softmax(self._masked(scores, height, width), axis=-1)
        t = ops.reshape(ops.transpose(ops.matmul(weights, v), (0, 2, 1, 3)), (-1, self.window**2, self.dim))
        return self._rolled(window_reverse(self.wo(t), self.window, height, width), self.shift)

    @staticmethod
    def _rolled(x, steps):
        return ops.roll(ops.roll(x, steps, axis=1), steps, axis=2)


# %%
def patch_merging(x, kernel):
    x = ops.convert_to_tensor(x)
    kernel = ops.convert_to_tensor(kernel)
    # each of the four tokens has its own part of the kernel; their products are added up
    tokens = (x[:, ::2, ::2], x[:, 1::2, ::2], x[:, ::2, 1::2], x[:, 1::2, 1::2])
    parts = ops.split(kernel, 4, axis=0)
    return sum(ops.matmul(token, part) for token, part in zip(tokens, parts))


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
_KINDS = {"local": ("local", {"radius": 3}), "axial": ("axial", {}), "window": ("window", {"window": 7})}


def _reach(kind, depth, start):
    reached = start
    for layer in reversed(range(1, depth + 1)):
        reached = np.any(who_reads_whom(kind, layer)[reached], axis=0)
    return reached


def figure():
    sides = (14, 28, 56, 112, 224)
    pairs = [[attention_pairs("global", s, s) for s in sides]]
    for kind, more in _KINDS.values():
        pairs.append([attention_pairs(kind, s, s, **more) for s in sides])
    start = np.zeros((12, 16), bool)
    start[5, 9] = True
    reach = np.array([[_reach(k, n, start.ravel()) for n in (1, 2, 3)] for k in ("local", "axial", "window", "shifted")])
    return {
        "pairs": np.array(pairs, "float32"),
        "reach": reach.reshape(4, 3, 12, 16),
        "answer_1": 52.8,
        "answer_2": [False, False, True, True, True, True],
    }
