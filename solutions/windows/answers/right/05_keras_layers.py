# %%
import math

import keras
import numpy as np
from keras import layers, ops

# %%
def local_attention_mask(height, width, radius):
    # light one lamp in each picture; max pooling with a square spreads its light as far as one may see
    lamps = np.eye(height * width, dtype="float32").reshape(-1, height, width, 1)
    lit = layers.MaxPooling2D(2 * radius + 1, strides=1, padding="same")(lamps)
    return ops.reshape(lit, (height * width, height * width))


# %%
def axial_attention(x, axis, attn):
    x = ops.convert_to_tensor(x)
    if axis == 1:
        turn = layers.Permute((2, 1, 3), autocast=False)
        return turn(axial_attention(turn(x), 2, attn))
    _, h, w, c = x.shape
    lines = ops.reshape(x, (-1, w, c))
    return ops.reshape(attn(lines), (-1, h, w, c))


# %%
def window_partition(x, window):
    x = ops.convert_to_tensor(x)
    _, height, width, channels = x.shape
    six = layers.Reshape((height // window, window, width // window, window, channels), autocast=False)(x)
    six = layers.Permute((1, 3, 2, 4, 5), autocast=False)(six)
    return ops.reshape(six, (-1, window * window, channels))


# %%
def window_reverse(windows, window, height, width):
    windows = ops.convert_to_tensor(windows)
    channels = windows.shape[-1]
    x = ops.reshape(windows, (-1, height // window, width // window, window, window, channels))
    x = layers.Permute((1, 3, 2, 4, 5), autocast=False)(x)
    return layers.Reshape((height, width, channels), autocast=False)(x)


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    match kind:
        case "global":
            seen = [height * width] * (height * width)
        case "axial":
            seen = [height + width] * (height * width)
        case "window":
            seen = [window**2] * (height * width)
        case "local":
            rows = [min(y, radius) + 1 + min(height - 1 - y, radius) for y in range(height)]
            columns = [min(x, radius) + 1 + min(width - 1 - x, radius) for x in range(width)]
            seen = [a * b for a in rows for b in columns]
    return sum(seen)


# %%
def shifted_window_mask(height, width, window, shift):
    inside = np.zeros((1, height - shift, width - shift, 1), "float32")
    below = np.zeros((1, shift, width - shift, 1), "float32") + 1
    top = np.concatenate([inside, below], axis=1)
    right = np.concatenate([inside[:, :, :1].repeat(shift, 2) + 2, below[:, :, :1].repeat(shift, 2) + 2], axis=1)
    region = np.concatenate([top, right], axis=2)
    cut = window_partition(region, window)  # (nW, w*w, 1)
    return ops.equal(cut, ops.transpose(cut, (0, 2, 1)))


# %%
def relative_position_index(window):
    tokens = ops.arange(window * window)
    y, x = tokens // window, tokens % window
    down = ops.expand_dims(y, 1) - ops.expand_dims(y, 0)
    right = ops.expand_dims(x, 1) - ops.expand_dims(x, 0)
    return (down + window - 1) * (2 * window - 1) + right + window - 1


# %%
class SwinBlock(layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.num_heads = num_heads
        self.window = window
        self.shift = shift
        self.norm1 = layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = layers.LayerNormalization(epsilon=epsilon)
        self.wq = layers.Dense(dim)
        self.wk = layers.Dense(dim)
        self.wv = layers.Dense(dim)
        self.wo = layers.Dense(dim)
        self.mlp = keras.Sequential([layers.Dense(mlp_dim), layers.Activation("gelu"), layers.Dense(dim)])
        self.softmax = layers.Softmax()
        self.add = layers.Add()
        self.cut_heads = layers.Reshape((window**2, num_heads, dim // num_heads))
        self.heads_first = layers.Permute((2, 1, 3))
        self.join_heads = layers.Reshape((window**2, dim))
        self.rel_bias = self.add_weight(
            name="rel_bias",
            shape=((2 * window - 1) ** 2, num_heads),
            initializer=keras.initializers.RandomNormal(stddev=0.02),
            trainable=True,
        )

    def attention(self, x):
        height, width, dim = x.shape[1:]
        x = ops.roll(x, (-self.shift, -self.shift), (1, 2))
        t = window_partition(x, self.window)
        q, k, v = (self.heads_first(self.cut_heads(w(t))) for w in (self.wq, self.wk, self.wv))
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / math.sqrt(dim // self.num_heads)
        bias = ops.take(self.rel_bias, relative_position_index(self.window), axis=0)
        scores = scores + ops.moveaxis(bias, -1, 0)
        if self.shift:
            mask = ops.cast(shifted_window_mask(height, width, self.window, self.shift), "bool")
            windows = ops.arange(ops.shape(scores)[0]) % mask.shape[0]
            mask = ops.take(mask, windows, axis=0)
            mask = ops.broadcast_to(ops.expand_dims(mask, 1), ops.shape(scores))
            weights = self.softmax(scores, mask=mask)
        else:
            weights = self.softmax(scores)
        out = self.wo(self.join_heads(self.heads_first(ops.matmul(weights, v))))
        out = window_reverse(out, self.window, height, width)
        return ops.roll(out, (self.shift, self.shift), (1, 2))

    def call(self, x, training=None):
        h = self.add([x, self.attention(self.norm1(x, training=training))])
        return self.add([h, self.mlp(self.norm2(h, training=training), training=training)])


# %%
def patch_merging(x, kernel):
    # a convolution with stride 2: its kernel has the axes row, column, in, out
    channels = x.shape[-1]
    square = ops.transpose(ops.reshape(kernel, (2, 2, channels, 2 * channels)), (1, 0, 2, 3))
    return ops.conv(x, square, strides=2, padding="valid", data_format="channels_last")


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
    pairs = ops.stack(
        [
            ops.array([float(attention_pairs("global", s, s)) for s in sides], dtype="float64"),
            ops.array([float(attention_pairs("local", s, s, radius=3)) for s in sides], dtype="float64"),
            ops.array([float(attention_pairs("axial", s, s)) for s in sides], dtype="float64"),
            ops.array([float(attention_pairs("window", s, s, window=7)) for s in sides], dtype="float64"),
        ]
    )
    reach = []
    for kind in ("local", "axial", "window", "shifted"):
        for last in (1, 2, 3):
            known = {5 * 16 + 9}
            for layer in range(last, 0, -1):
                table = who_reads_whom(kind, layer)
                known = {int(q) for p in known for q in np.flatnonzero(table[p])}
            reach.append([float(n in known) for n in range(192)])
    reach = ops.reshape(ops.array(reach), (4, 3, 12, 16))
    return {"pairs": pairs, "reach": reach, "answer_1": 2445312 / 46272, "answer_2": [0, 0, 1, 1, 1, 1]}
