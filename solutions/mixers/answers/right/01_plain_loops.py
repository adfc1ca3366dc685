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
class MixerBlock(keras.layers.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.token_mlp = keras.Sequential()
        for width, bend in ((token_mlp_dim, "gelu"), (num_tokens, None)):
            self.token_mlp.add(keras.layers.Dense(width, activation=bend))
        self.channel_mlp = keras.Sequential()
        for width, bend in ((channel_mlp_dim, "gelu"), (dim, None)):
            self.channel_mlp.add(keras.layers.Dense(width, activation=bend))

    def call(self, x):
        z = self.norm1(x)
        z = ops.transpose(z, (0, 2, 1))
        z = self.token_mlp(z)
        z = ops.transpose(z, (0, 2, 1))
        h = x + z
        return h + self.channel_mlp(self.norm2(h))


# %%
class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.init_value = init_value

    def build(self, input_shape):
        self.gamma = self.add_weight(
            shape=(input_shape[-1],),
            initializer=keras.initializers.Constant(self.init_value),
            trainable=True,
            name="gamma",
        )

    def call(self, x):
        return x * self.gamma


# %%
class ClassAttentionBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, "gelu"), keras.layers.Dense(dim)])
        self.scale1 = LayerScale(init_value)
        self.scale2 = LayerScale(init_value)

    def call(self, cls, patches, training=None):
        u = ops.concatenate([cls, patches], axis=1)
        z = self.norm1(u)
        h = cls + self.scale1(self.attn(z[:, :1], z, z))
        return h + self.scale2(self.mlp(self.norm2(h)))


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    kernel = np.asarray(kernel)
    kh, kw, c_in, c_out = kernel.shape
    result = np.zeros_like(kernel)
    for o in range(c_out):
        g = float(gain) if np.ndim(gain) == 0 else float(gain[o])
        total = 0.0
        for a in range(kh):
            for b in range(kw):
                for c in range(c_in):
                    total += float(kernel[a, b, c, o])
        mean = total / (kh * kw * c_in)
        squares = 0.0
        for a in range(kh):
            for b in range(kw):
                for c in range(c_in):
                    squares += (float(kernel[a, b, c, o]) - mean) ** 2
        below = math.sqrt(squares if squares > epsilon else epsilon)
        for a in range(kh):
            for b in range(kw):
                for c in range(c_in):
                    result[a, b, c, o] = g * (float(kernel[a, b, c, o]) - mean) / below
    return result


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    widths = []
    for j in range(depth):
        u = w0 + wa * j
        s = round(math.log(u / w0) / math.log(wm))
        widths.append(q * round(w0 * wm**s / q))
    return widths


# %%
def recipe_gain(table):
    gains = {}
    for model, a1, a2, a3, org in table:
        if org is None:
            continue
        gains[model] = a1 - org
    return gains


# %%
def figure():
    signal = np.zeros((3, 25))
    for row in range(3):
        x, matrices = random_network()
        signal[row, 0] = np.mean(x**2)
        for i in range(24):
            if row == 0:
                x = x + x @ matrices[i]
            elif row == 1:
                norm = keras.layers.LayerNormalization(epsilon=1e-6)
                x = x + ops.convert_to_numpy(norm(x)) @ matrices[i]
            else:
                norm = keras.layers.LayerNormalization(epsilon=1e-6)
                scale = LayerScale(0.1)
                x = x + ops.convert_to_numpy(scale(ops.matmul(norm(x), matrices[i])))
            signal[row, i + 1] = np.mean(x**2)
    gains = []
    for value in recipe_gain(RSB_TABLE).values():
        gains.append(value)
    trade = []
    for size in ("L/16", "H/14"):
        mixer = MIXER_TABLE["Mixer-" + size]
        vit = MIXER_TABLE["ViT-" + size]
        trade.append([mixer[0] - vit[0], mixer[1] / vit[1]])
    n, d, s, c = 196, 1024, 512, 4096
    answer_1 = n * s + s + s * n + n + d * c + c + c * d + d + 4 * d
    return {"signal": signal, "gains": gains, "trade": trade, "answer_1": answer_1, "answer_2": [1, 1, 0, 0, 1]}
