# %%
import functools

import keras
import numpy as np
from keras import ops

# %%
def as_tensors(*names):
    """The first arguments become tensors before the function sees them."""

    def decorate(function):
        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            args = list(args)
            for n, name in enumerate(names):
                if n < len(args):
                    args[n] = ops.convert_to_tensor(args[n])
                else:
                    kwargs[name] = ops.convert_to_tensor(kwargs[name])
            return function(*args, **kwargs)

        return wrapped

    return decorate


def as_int32(function):
    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        return np.asarray(function(*args, **kwargs), dtype="int32")

    return wrapped


# %%
@functools.lru_cache(maxsize=None)
@as_int32
def local_attention_mask(height, width, radius):
    row = np.repeat(np.arange(height), width)
    column = np.tile(np.arange(width), height)
    return (abs(row - row[:, None]) <= radius) * (abs(column - column[:, None]) <= radius)


# %%
@as_tensors("x")
def axial_attention(x, axis, attn):
    other = 3 - axis
    t = ops.moveaxis(x, other, 1)  # the axis of the line is now axis 2
    batch, lines, length, channels = ops.shape(t)
    t = attn(ops.reshape(t, (batch * lines, length, channels)))
    return ops.moveaxis(ops.reshape(t, (batch, lines, length, channels)), 1, other)


# %%
@as_tensors("x")
def window_partition(x, window):
    b, h, w, c = ops.shape(x)
    x = ops.reshape(x, (b * (h // window), window, w // window, window * c))
    x = ops.transpose(x, (0, 2, 1, 3))
    return ops.reshape(x, (-1, window * window, c))


# %%
@as_tensors("windows")
def window_reverse(windows, window, height, width):
    n, _, c = ops.shape(windows)
    b = n // ((height // window) * (width // window))
    x = ops.reshape(windows, (b * (height // window), width // window, window, window * c))
    return ops.reshape(ops.transpose(x, (0, 2, 1, 3)), (b, height, width, c))


# %%
PRICE = {}


def price(function):
    PRICE[function.__name__.strip("_")] = function
    return function


@price
def _global(h, w, window, radius):
    return h * w * h * w


@price
def _local(h, w, window, radius):
    count = 1
    for side in (h, w):
        reach = np.minimum(np.arange(side) + radius, side - 1) - np.maximum(np.arange(side) - radius, 0) + 1
        count *= int(reach.sum())
    return count


@price
def _axial(h, w, window, radius):
    return h * w * h + h * w * w


@price
def _window(h, w, window, radius):
    return (h * w // window**2) * (window**2) ** 2


def attention_pairs(kind, height, width, window=None, radius=None):
    return PRICE[kind](height, width, window, radius)


# %%
@functools.lru_cache(maxsize=None)
@as_int32
def shifted_window_mask(height, width, window, shift):
    piece = np.zeros((1, height, width, 1), "int32")
    number = 0
    for rows in (slice(0, height - shift), slice(height - shift, height)):
        for columns in (slice(0, width - shift), slice(width - shift, width)):
            piece[:, rows, columns] = number
            number += 1
    cut = ops.convert_to_numpy(window_partition(piece, window))[:, :, 0]
    return cut[:, None, :] - cut[:, :, None] == 0


# %%
@functools.cache
@as_int32
def relative_position_index(window):
    span = 2 * window - 1
    number = np.add.outer(span * np.arange(window), np.arange(window)).ravel()  # y * (2w - 1) + x
    return number[:, None] - number[None, :] + (window - 1) * span + window - 1


# %%
def residual(norm):
    """x + method(norm(x)), with the norm that has this name."""

    def decorate(method):
        @functools.wraps(method)
        def wrapped(self, x):
            return x + method(self, getattr(self, norm)(x))

        return wrapped

    return decorate


def rolled(method):
    @functools.wraps(method)
    def wrapped(self, x):
        x = ops.roll(x, (-self.shift, -self.shift), axis=(1, 2))
        return ops.roll(method(self, x), (self.shift, self.shift), axis=(1, 2))

    return wrapped


@keras.saving.register_keras_serializable(package="lesson9")
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.config = dict(
            dim=dim, num_heads=num_heads, window=window, shift=shift, mlp_dim=mlp_dim, epsilon=epsilon
        )
        self.num_heads, self.window, self.shift = num_heads, window, shift
        self.scale = (dim // num_heads) ** 0.5
        self.norm1 = keras.layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.wq = keras.layers.Dense(units=dim)
        self.wk = keras.layers.Dense(units=dim)
        self.wv = keras.layers.Dense(units=dim)
        self.wo = keras.layers.Dense(units=dim)
        self.mlp = keras.Sequential()
        self.mlp.add(keras.layers.Dense(units=mlp_dim, activation=keras.activations.gelu))
        self.mlp.add(keras.layers.Dense(units=dim))
        self.rel_bias = self.add_weight(
            name="rel_bias", shape=(pow(2 * window - 1, 2), num_heads), initializer=keras.initializers.Zeros()
        )

    def get_config(self):
        return {**super().get_config(), **self.config}

    @residual("norm1")
    @rolled
    def attend(self, x):
        height, width = x.shape[1], x.shape[2]
        t = window_partition(x, self.window)
        # heads as a leading axis: (h, B * nW, w*w, C/h)
        q, k, v = (ops.stack(ops.split(f(t), self.num_heads, axis=-1)) for f in (self.wq, self.wk, self.wv))
        scores = ops.matmul(q, ops.swapaxes(k, 2, 3)) / self.scale
        bias = ops.take(ops.transpose(self.rel_bias), relative_position_index(self.window), axis=1)
        scores = scores + bias[:, None]
        if self.shift > 0:
            mask = ops.cast(shifted_window_mask(height, width, self.window, self.shift), "float32")
            mask = ops.tile(mask, (ops.shape(t)[0] // ops.shape(mask)[0], 1, 1))
            scores = scores - 1e9 * (1.0 - mask)
        out = ops.matmul(ops.softmax(scores), v)
        out = self.wo(ops.concatenate(ops.unstack(out, self.num_heads, axis=0), axis=-1))
        return window_reverse(out, self.window, height, width)

    @residual("norm2")
    def think(self, x):
        return self.mlp(x)

    def call(self, x, training=None):
        return self.think(self.attend(x))


# %%
@as_tensors("x", "kernel")
def patch_merging(x, kernel):
    left, right = x[:, :, 0::2], x[:, :, 1::2]
    columns = [half[:, rows::2] for half in (left, right) for rows in (0, 1)]
    return ops.dot(ops.concatenate(columns, axis=-1), kernel)


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
table_of = functools.lru_cache(maxsize=None)(who_reads_whom)


def figure():
    more = {"local": {"radius": 3}, "window": {"window": 7}}
    pairs = np.array(
        [
            [attention_pairs(kind, side, side, **more.get(kind, {})) for side in (14, 28, 56, 112, 224)]
            for kind in ("global", "local", "axial", "window")
        ],
        dtype=float,
    )
    token = np.eye(192)[5 * 16 + 9]
    kinds, depths = ("local", "axial", "window", "shifted"), (1, 2, 3)
    reach = np.zeros((4, 3, 192), "uint8")
    for k, kind in enumerate(kinds):
        for n, depth in enumerate(depths):
            tables = [table_of(kind, layer) for layer in range(depth, 0, -1)]
            reach[k, n] = functools.reduce(lambda reached, table: reached @ table > 0, tables, token)
    return {
        "pairs": pairs,
        "reach": reach.reshape(4, 3, 12, 16),
        "answer_1": round((4 * 96 + 2 * 12544) / (4 * 96 + 2 * 49), 3),
        "answer_2": [0, 0, 1, 1, 1, 1],
    }
