# %%
import math

import keras
import numpy as np
from keras import ops


# %%
# Given by the notebook.
RSB_TABLE = [  # model, A1, A2, A3, org
    ("ResNet-18", 71.5, 70.6, 68.2, 69.8),
    ("ResNet-34", 76.4, 75.5, 73.0, 73.3),
    ("ResNet-50", 80.4, 79.8, 78.1, 76.1),
    ("ResNet-101", 81.5, 81.3, 79.8, 77.4),
    ("ResNet-152", 82.0, 81.8, 80.6, 78.3),
    ("RegNetY-4GF", 81.5, 81.3, 79.0, 79.4),
    ("RegNetY-8GF", 82.2, 82.1, 81.1, 79.9),
    ("RegNetY-16GF", 82.0, 82.2, 81.7, 80.4),
    ("RegNetY-32GF", 82.5, 82.4, 82.6, 81.0),
    ("SE-ResNet-50", 80.0, 80.1, 77.0, 76.7),
    ("SENet-154", 81.7, 81.8, 81.9, 81.3),
    ("ResNet-50-D", 80.7, 80.2, 78.7, 79.3),
    ("ResNeXt-50-32x4d", 80.5, 80.4, 79.2, 77.6),
    ("EfficientNet-B0", 77.0, 76.8, 73.0, 77.1),
    ("EfficientNet-B1", 79.2, 79.4, 74.9, 79.1),
    ("EfficientNet-B2", 80.4, 80.1, 77.5, 80.1),
    ("EfficientNet-B3", 81.4, 81.4, 79.2, 81.6),
    ("EfficientNet-B4", 81.6, 82.4, 81.2, 82.9),
    ("ViT-Ti", 74.7, 74.1, 66.7, 72.2),
    ("ViT-S", 80.6, 79.6, 73.8, 79.8),
    ("ViT-B", 80.4, 79.8, 76.0, 81.8),
    ("ECA-ResNet-50-T", 81.3, 80.9, 79.6, None),
    ("EfficientNetV2-rw-S", 82.3, 82.9, 80.9, 83.8),
    ("EfficientNetV2-rw-M", 80.6, 81.9, 82.3, 84.8),
    ("ECA-ResNet-269-D", 83.3, 83.9, 83.3, 85.0),
]


MIXER_TABLE = {  # model: ImageNet top-1 (%), images a second on a core, thousands of core-days of training
    "HaloNet": (85.8, 120, 0.10),
    "Mixer-L/16": (84.15, 105, 0.41),
    "ViT-L/16": (85.30, 32, 0.18),
    "BiT-R152x4, 21k": (85.39, 26, 0.94),
    "NFNet-F4+": (89.2, 46, 1.86),
    "Mixer-H/14": (87.94, 40, 1.01),
    "BiT-R152x4, JFT": (87.54, 26, 9.90),
    "ViT-H/14": (88.55, 15, 2.30),
    "MPL": (90.0, None, 20.48),
    "ALIGN": (88.64, 15, 14.82),
}


def random_network(depth=24, dim=64, seed=10):
    """A network before training, as numbers: (tokens (32, dim), matrices (depth, dim, dim)), float32.

    x @ matrix is about as large as x. The same on every machine.
    """
    random = np.random.RandomState(seed)
    tokens, matrices = random.normal(size=(32, dim)), random.normal(size=(depth, dim, dim)) / np.sqrt(dim)
    return tokens.astype("float32"), matrices.astype("float32")


# %%
class TwoMatrices(keras.layers.Layer):
    """width -> hidden -> width, with weights of its own and the exact gelu written out."""

    def __init__(self, hidden, **kwargs):
        super().__init__(**kwargs)
        self.hidden = hidden

    def build(self, input_shape):
        width = input_shape[-1]
        self.up = self.add_weight(shape=(width, self.hidden), initializer="glorot_uniform", name="up")
        self.up_bias = self.add_weight(shape=(self.hidden,), initializer="zeros", name="up_bias")
        self.down = self.add_weight(shape=(self.hidden, width), initializer="glorot_uniform", name="down")
        self.down_bias = self.add_weight(shape=(width,), initializer="zeros", name="down_bias")

    def call(self, z):
        z = ops.matmul(z, self.up) + self.up_bias
        z = 0.5 * z * (1.0 + ops.erf(z / math.sqrt(2.0)))
        return ops.matmul(z, self.down) + self.down_bias


class PreNorm(keras.layers.Layer):
    """Two norms, and what both kinds of block do with them."""

    def __init__(self, epsilon, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)


class MixerBlock(PreNorm):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(epsilon, **kwargs)
        self.token_mlp = TwoMatrices(token_mlp_dim)
        self.channel_mlp = TwoMatrices(channel_mlp_dim)

    def _mix_tokens(self, z):
        return ops.swapaxes(self.token_mlp(ops.swapaxes(z, 1, 2)), 1, 2)

    def call(self, x):
        x = x + self._mix_tokens(self.norm1(x))
        x = x + self.channel_mlp(self.norm2(x))
        return x


# %%
class Same(keras.initializers.Initializer):
    def __init__(self, number):
        self.number = number

    def __call__(self, shape, dtype=None, **kwargs):
        return ops.full(shape, self.number, dtype=dtype or "float32")

    def get_config(self):
        return {"number": self.number}


class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.init_value = init_value

    def build(self, input_shape):
        *_, features = input_shape
        self.gamma = self.add_weight(shape=[features], initializer=Same(self.init_value), name="gamma")
        super().build(input_shape)

    def call(self, x):
        return ops.matmul(x, ops.diag(self.gamma))

    def get_config(self):
        return {**super().get_config(), "init_value": self.init_value}


# %%
class ClassAttentionBlock(PreNorm):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(epsilon, **kwargs)
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.mlp = TwoMatrices(mlp_dim)
        self.scale1, self.scale2 = LayerScale(init_value), LayerScale(init_value)

    def call(self, cls, patches, training=None):
        z = self.norm1(ops.concatenate([cls, patches], axis=1))
        cls = cls + self.scale1(self.attn(ops.take(z, [0], axis=1), z, training=training))
        cls = cls + self.scale2(self.mlp(self.norm2(cls)))
        return cls


# %%
class _Filter:
    """The numbers of one filter."""

    def __init__(self, numbers):
        self.numbers = np.asarray(numbers, "float64")

    def standard(self, gain, epsilon):
        centred = self.numbers - self.numbers.mean()
        return gain * centred / math.sqrt(max(float((centred**2).sum()), epsilon))


def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    count = kernel.shape[3]
    gains = np.broadcast_to(gain, (count,))
    out = np.empty(kernel.shape, "float32")
    for i in range(count):
        out[..., i] = _Filter(kernel[..., i]).standard(gains[i], epsilon)
    return out


# %%
class _RegNet:
    def __init__(self, w0, wa, wm, q):
        self.w0, self.wa, self.wm, self.q = w0, wa, wm, q

    def line(self, j):
        return self.w0 + self.wa * j

    def step(self, j):
        return int(round(math.log(self.line(j) / self.w0, self.wm)))

    def __getitem__(self, j):
        return int(self.q * round(self.w0 * self.wm ** self.step(j) / self.q))


def regnet_widths(w0, wa, wm, depth, q=8):
    net = _RegNet(w0, wa, wm, q)
    return [net[j] for j in range(depth)]


# %%
class _Gains(dict):
    def add(self, model, a1, a2, a3, org):
        if org is not None:
            self[model] = a1 - org


def recipe_gain(table):
    gains = _Gains()
    for row in table:
        gains.add(*row)
    return gains


# %%
class _Signal:
    def __init__(self, x):
        self.x, self.sizes = x, [float(np.mean(np.square(x)))]

    def add(self, branch):
        self.x = self.x + branch
        self.sizes.append(float(ops.mean(ops.square(self.x))))


def figure():
    start, matrices = random_network()
    norm = keras.layers.LayerNormalization(epsilon=1e-6)
    bare, normed, scaled = _Signal(start), _Signal(start), _Signal(start)
    for matrix in matrices:
        bare.add(bare.x @ matrix)
        normed.add(ops.matmul(norm(normed.x), matrix))
        scaled.add(LayerScale(0.1)(ops.matmul(norm(scaled.x), matrix)))
    block = MixerBlock(num_tokens=196, dim=1024, token_mlp_dim=512, channel_mlp_dim=4096)
    block(np.zeros((1, 196, 1024), "float32"))
    names = [("Mixer-L/16", "ViT-L/16"), ("Mixer-H/14", "ViT-H/14")]
    trade = [[MIXER_TABLE[m][0] - MIXER_TABLE[v][0], MIXER_TABLE[m][1] / MIXER_TABLE[v][1]] for m, v in names]
    return dict(
        signal=np.array([bare.sizes, normed.sizes, scaled.sizes]),
        gains=np.array([*recipe_gain(RSB_TABLE).values()]),
        trade=np.array(trade),
        answer_1=float(block.count_params()),
        answer_2=[1.0, 1.0, 0.0, 0.0, 1.0],
    )
