# %%
import functools
import math
import operator

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
L = keras.layers


class MixerBlock(L.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.sizes = (num_tokens, dim)
        self.norm1 = L.LayerNormalization(epsilon=epsilon)
        self.token_mlp = keras.Sequential(
            [keras.Input((dim, num_tokens)), L.Dense(token_mlp_dim, "gelu"), L.Dense(num_tokens)], name="token_mlp"
        )
        self.norm2 = L.LayerNormalization(epsilon=epsilon)
        self.channel_mlp = keras.Sequential(
            [keras.Input((num_tokens, dim)), L.Dense(channel_mlp_dim, "gelu"), L.Dense(dim)], name="channel_mlp"
        )
        for norm in (self.norm1, self.norm2):
            norm.build((None, num_tokens, dim))

        def flip(z):
            return ops.transpose(z, (0, 2, 1))

        def branch1(z):
            return flip(self.token_mlp(flip(self.norm1(z))))

        def branch2(z):
            return self.channel_mlp(self.norm2(z))

        self.branches = (branch1, branch2)

    def build(self, input_shape):
        assert tuple(input_shape[1:]) == self.sizes

    def call(self, x):
        return functools.reduce(lambda z, branch: z + branch(z), self.branches, x)

    def compute_output_shape(self, input_shape):
        return input_shape


# %%
class LayerScale(L.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.fresh = lambda features: self.add_weight(
            shape=(features,), initializer=keras.initializers.Constant(init_value), name="gamma"
        )

    def build(self, input_shape):
        self.gamma = self.fresh(input_shape[-1])

    def call(self, x):
        gamma = ops.reshape(self.gamma, (1,) * (len(x.shape) - 1) + (-1,))
        return operator.mul(x, gamma)


# %%
class ClassAttentionBlock(L.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = L.MultiHeadAttention(num_heads, key_dim=dim // num_heads, value_dim=dim // num_heads, output_shape=dim)
        self.norm1, self.norm2 = L.LayerNormalization(epsilon=epsilon), L.LayerNormalization(epsilon=epsilon)
        self.scale1, self.scale2 = LayerScale(init_value), LayerScale(init_value)
        self.mlp = keras.Sequential([L.Dense(mlp_dim, "gelu"), L.Dense(dim)])

    def build(self, cls_shape, patches_shape):
        batch, count, dim = patches_shape
        everybody = (batch, None if count is None else count + 1, dim)
        self.norm1.build(everybody)
        self.attn.build(cls_shape, everybody)
        for layer in (self.scale1, self.norm2, self.mlp, self.scale2):
            layer.build(cls_shape)

    def call(self, cls, patches, training=None):
        def ask():
            z = self.norm1(ops.concatenate([cls, patches], 1))
            return self.scale1(self.attn(value=z, query=z[:, :1]))

        def think(h):
            return self.scale2(self.mlp(self.norm2(h)))

        h = cls + ask()
        return h + think(h)


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    axes = dict(axis=(0, 1, 2), keepdims=True)
    kernel = ops.convert_to_tensor(kernel)

    def centre(w):
        return ops.subtract(w, ops.mean(w, **axes))

    def length(w):
        return ops.sqrt(ops.sum(ops.square(w), **axes))

    def floored(number):
        return ops.maximum(number, math.sqrt(epsilon))

    w = centre(kernel)
    return ops.multiply(gain, ops.divide(w, floored(length(w))))


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    u = lambda j: w0 + wa * j  # noqa: E731
    s = lambda j: round((math.log2(u(j)) - math.log2(w0)) / math.log2(wm))  # noqa: E731
    width = lambda j: q * round(w0 * math.exp(s(j) * math.log(wm)) / q)  # noqa: E731
    return list(map(width, range(depth)))


# %%
def recipe_gain(table):
    gains = {}

    def note(model, a1, _a2, _a3, org):
        try:
            gains[model] = a1 - org
        except TypeError:  # nobody has published one
            pass

    for row in table:
        note(*row)
    return gains


# %%
def figure():
    tokens, matrices = random_network()
    norm = keras.layers.LayerNormalization(epsilon=1e-6)

    def runner(inner, outer):
        def run():
            x = tokens
            yield float(np.mean(np.square(x)))
            for matrix in matrices:
                x = x + ops.convert_to_numpy(outer()(ops.matmul(inner(x), matrix)))
                yield float(np.mean(np.square(x)))

        return list(run())

    same = lambda x: x  # noqa: E731
    signal = [runner(same, lambda: same), runner(norm, lambda: same), runner(norm, lambda: LayerScale(0.1))]
    rows = operator.itemgetter("Mixer-L/16", "Mixer-H/14", "ViT-L/16", "ViT-H/14")(MIXER_TABLE)
    trade = [[rows[i][0] - rows[i + 2][0], rows[i][1] / rows[i + 2][1]] for i in range(2)]
    return {
        "answer_2": [1, 1, 0, 0, 1],
        "answer_1": 8599236.0,
        "trade": np.array(trade, "float32"),
        "gains": np.array(list(recipe_gain(RSB_TABLE).values()), "float32"),
        "signal": np.array(signal, "float32"),
    }
