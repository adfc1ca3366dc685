# %%
from collections import OrderedDict
from decimal import Decimal

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
class MLP(keras.layers.Layer):
    """Dense, gelu, Dense, on any axis: the table is not turned, but multiplied from the left if axis is 1."""

    def __init__(self, width, hidden, axis, **kwargs):
        super().__init__(**kwargs)
        self.axis = axis
        glorot = keras.initializers.GlorotUniform
        self.w1 = self.add_weight(shape=(width, hidden), initializer=glorot())
        self.b1 = self.add_weight(shape=(hidden,), initializer="zeros")
        self.w2 = self.add_weight(shape=(hidden, width), initializer=glorot())
        self.b2 = self.add_weight(shape=(width,), initializer="zeros")

    def call(self, x):
        if self.axis == 1:
            z = keras.activations.gelu(ops.matmul(ops.transpose(self.w1), x) + ops.expand_dims(self.b1, -1))
            return ops.matmul(ops.transpose(self.w2), z) + ops.expand_dims(self.b2, -1)
        return ops.dot(keras.activations.gelu(ops.dot(x, self.w1) + self.b1), self.w2) + self.b2


class MixerBlock(keras.layers.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.token_mlp = MLP(num_tokens, token_mlp_dim, axis=1)
        self.channel_mlp = MLP(dim, channel_mlp_dim, axis=2)

    def call(self, x):
        h = x + self.token_mlp(self.norm1(x))
        return h + self.channel_mlp(self.norm2(h))


# %%
class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.constant = keras.initializers.Ones() if init_value == 1 else keras.initializers.Constant(init_value)

    def build(self, input_shape):
        self.gamma = self.add_weight(name="gamma", shape=input_shape[-1:], initializer=self.constant)

    def call(self, x):
        rows = ops.reshape(x, (-1, x.shape[-1]))
        return ops.reshape(rows * ops.expand_dims(self.gamma, 0), ops.shape(x))


# %%
class ClassAttentionBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.mlp = MLP(dim, mlp_dim, axis=2)
        self.scale1 = LayerScale(init_value)
        self.scale2 = LayerScale(init_value)

    def call(self, cls, patches, training=None):
        # the patches in front: to attention the order of those who are asked makes no difference
        z = self.norm1(ops.concatenate([patches, cls], axis=1))
        h = self.scale1(self.attn(z[:, -1:], z)) + cls
        return self.scale2(self.mlp(self.norm2(h))) + h


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    kernel = np.asarray(kernel)
    flat = kernel.reshape(-1, kernel.shape[-1]).astype("float64")
    m = len(flat)
    centring = np.eye(m) - np.ones((m, m)) / m
    flat = centring @ flat
    squares = np.diag(flat.T @ flat)
    flat = flat @ np.diag(np.ones(kernel.shape[-1]) * gain / np.sqrt(np.where(squares < epsilon, epsilon, squares)))
    return flat.reshape(kernel.shape).astype(kernel.dtype)


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    widths, step = np.zeros(depth, int), 0
    for j in range(depth):  # the line never falls, so the step never does: climb while the next one is nearer
        u = w0 + j * wa
        while u > w0 * wm ** (step + 0.5):
            step += 1
        widths[j] = q * int(w0 * wm**step / q + 0.5)
    return widths


# %%
def recipe_gain(table):
    gains = OrderedDict()
    for model, a1, *_, org in table:
        if org is None:
            continue
        gains[model] = float(Decimal(str(a1)) - Decimal(str(org)))
    return gains


# %%
def figure():
    x, matrices = random_network()
    states = np.stack([x, x, x]).astype("float64")  # all three rows at once
    signal = [np.mean(states**2, axis=(1, 2))]
    for matrix in matrices:
        deviation = states - states.mean(axis=-1, keepdims=True)
        normed = deviation / np.sqrt(np.mean(deviation**2, axis=-1, keepdims=True) + 1e-6)
        seen = np.stack([states[0], normed[1], normed[2]])
        states = states + np.array([1, 1, 0.1])[:, None, None] * (seen @ matrix)
        signal.append(np.mean(states**2, axis=(1, 2)))
    top, speed = np.array([row[:2] for row in MIXER_TABLE.values()], float).T
    place = list(MIXER_TABLE).index
    mixers, vits = [place("Mixer-L/16"), place("Mixer-H/14")], [place("ViT-L/16"), place("ViT-H/14")]
    return {
        "signal": np.array(signal).T,
        "gains": np.fromiter(recipe_gain(RSB_TABLE).values(), float),
        "trade": np.column_stack([top[mixers] - top[vits], speed[mixers] / speed[vits]]),
        "answer_1": 8599236,
        "answer_2": np.array([1, 1, 0, 0, 1], bool),
    }
