# %%
import keras
import numpy as np
import tensorflow as tf
from keras import ops

# %%
def local_attention_mask(height, width, radius):
    def band(n):
        return tf.linalg.band_part(tf.ones((n, n), tf.int32), min(radius, n - 1), min(radius, n - 1))

    both = band(height)[:, None, :, None] * band(width)[None, :, None, :]
    return tf.reshape(both, (height * width, height * width))


# %%
def axial_attention(x, axis, attn):
    x = tf.convert_to_tensor(x)
    if axis == 1:
        x = tf.transpose(x, [0, 2, 1, 3])
    shape = tf.shape(x)
    out = tf.reshape(attn(tf.reshape(x, tf.stack([shape[0] * shape[1], shape[2], shape[3]]))), shape)
    return tf.transpose(out, [0, 2, 1, 3]) if axis == 1 else out


# %%
def window_partition(x, window):
    x = tf.convert_to_tensor(x)
    return tf.reshape(tf.nn.space_to_depth(x, window), (-1, window * window, x.shape[-1]))


# %%
def window_reverse(windows, window, height, width):
    windows = tf.convert_to_tensor(windows)
    deep = tf.reshape(windows, (-1, height // window, width // window, window * window * windows.shape[-1]))
    return tf.nn.depth_to_space(deep, window)


# %%
def attention_pairs(kind, height, width, window=None, radius=None):
    h, w = tf.constant(height, tf.int64), tf.constant(width, tf.int64)

    def near(n):
        i = tf.range(n)
        r = tf.constant(radius, tf.int64)
        return tf.reduce_sum(tf.minimum(i + r, n - 1) - tf.maximum(i - r, 0) + 1)

    if kind == "global":
        pairs = tf.square(h * w)
    elif kind == "local":
        pairs = near(h) * near(w)
    elif kind == "axial":
        pairs = h * w * (h + w)
    else:
        pairs = h * w * window * window
    return int(pairs)


# %%
def shifted_window_mask(height, width, window, shift):
    i, j = tf.meshgrid(tf.range(height), tf.range(width), indexing="ij")
    region = 2 * tf.cast(i >= height - shift, tf.int32) + tf.cast(j >= width - shift, tf.int32)
    cut = tf.squeeze(window_partition(region[tf.newaxis, ..., tf.newaxis], window), -1)
    return tf.equal(cut[:, :, tf.newaxis], cut[:, tf.newaxis, :])


# %%
def relative_position_index(window):
    yx = tf.stack(tf.meshgrid(tf.range(window), tf.range(window), indexing="ij"), axis=-1)
    yx = tf.reshape(yx, (-1, 2))
    step = yx[:, None] - yx[None] + (window - 1)
    return tf.reduce_sum(step * tf.constant([2 * window - 1, 1]), axis=-1)


# %%
class SwinBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, window, shift, mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.dim = dim
        self.num_heads = num_heads
        self.window = window
        self.shift = shift
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        for name in ("wq", "wk", "wv", "wo"):
            setattr(self, name, keras.layers.Dense(dim, name=name))
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.rel_bias = self.add_weight(
            shape=((2 * window - 1) ** 2, num_heads),
            initializer=keras.initializers.TruncatedNormal(stddev=0.02),
            name="rel_bias",
        )

    def call(self, x, training=None):
        height, width = x.shape[1], x.shape[2]
        w2, h, d = self.window**2, self.num_heads, self.dim // self.num_heads
        y = tf.roll(self.norm1(x), [-self.shift, -self.shift], axis=[1, 2])
        y = window_partition(y, self.window)
        count = tf.shape(y)[0]
        q = tf.transpose(tf.reshape(self.wq(y), [-1, w2, h, d]), [0, 2, 1, 3])
        k = tf.transpose(tf.reshape(self.wk(y), [-1, w2, h, d]), [0, 2, 1, 3])
        v = tf.transpose(tf.reshape(self.wv(y), [-1, w2, h, d]), [0, 2, 1, 3])
        scores = tf.matmul(q, k, transpose_b=True) / tf.sqrt(tf.cast(d, q.dtype))
        bias = tf.gather(tf.convert_to_tensor(self.rel_bias), relative_position_index(self.window))
        scores += tf.transpose(bias, [2, 0, 1])[tf.newaxis]
        if self.shift:
            mask = tf.cast(shifted_window_mask(height, width, self.window, self.shift), tf.bool)
            mask = tf.tile(mask, [count // tf.shape(mask)[0], 1, 1])[:, tf.newaxis]
            scores = tf.where(mask, scores, tf.constant(float("-inf"), scores.dtype))
        out = tf.matmul(tf.nn.softmax(scores), v)
        out = self.wo(tf.reshape(tf.transpose(out, [0, 2, 1, 3]), [-1, w2, self.dim]))
        out = tf.roll(window_reverse(out, self.window, height, width), [self.shift, self.shift], axis=[1, 2])
        x = x + out
        return x + self.mlp(self.norm2(x))


# %%
def patch_merging(x, kernel):
    four = tf.concat([x[:, 0::2, 0::2], x[:, 1::2, 0::2], x[:, 0::2, 1::2], x[:, 1::2, 1::2]], axis=-1)
    return tf.tensordot(four, kernel, axes=1)


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
    pairs = tf.constant(
        [
            [attention_pairs("global", s, s) for s in sides],
            [attention_pairs("local", s, s, None, 3) for s in sides],
            [attention_pairs("axial", s, s) for s in sides],
            [attention_pairs("window", s, s, 7) for s in sides],
        ],
        tf.int64,
    )
    everything = []
    for kind in ["local", "axial", "window", "shifted"]:
        tables = [tf.cast(who_reads_whom(kind, n), tf.float32) for n in (1, 2, 3)]
        for depth in (1, 2, 3):
            row = tf.one_hot([5 * 16 + 9], 192)
            for table in reversed(tables[:depth]):
                row = tf.cast(row @ table > 0, tf.float32)
            everything.append(tf.reshape(row, (12, 16)))
    reach = tf.reshape(tf.stack(everything), (4, 3, 12, 16))
    return {"pairs": pairs, "reach": reach, "answer_1": 52.85, "answer_2": [0, 0, 1, 1, 1, 1]}
