# %%
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
def two_dense(positions, width, hidden):
    """A functional model: (B, positions, width) -> the same shape."""
    start = keras.Input((positions, width))
    middle = keras.layers.Dense(hidden, activation=keras.activations.gelu)(start)
    return keras.Model(start, keras.layers.Dense(width)(middle))


class MixerBlock(keras.layers.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.token_mlp = two_dense(dim, num_tokens, token_mlp_dim)
        self.channel_mlp = two_dense(num_tokens, dim, channel_mlp_dim)

    def call(self, x):
        h = x + ops.moveaxis(self.token_mlp(ops.moveaxis(self.norm1(x), 1, 2)), 1, 2)
        y = h + self.channel_mlp(self.norm2(h))
        return y


# %%
class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.init_value = float(init_value)

    def build(self, input_shape):
        def start(shape, dtype=None):
            return np.full(shape, self.init_value, "float32")

        self.gamma = self.add_weight(name="gamma", shape=(input_shape[-1],), initializer=start)

    def call(self, x):
        return ops.multiply(self.gamma, x)


# %%
class ClassAttentionBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.attn = keras.layers.MultiHeadAttention(num_heads=num_heads, key_dim=dim // num_heads, use_bias=True)
        self.scale1 = LayerScale(init_value)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp = two_dense(1, dim, mlp_dim)
        self.scale2 = LayerScale(init_value)

    def call(self, cls, patches, training=None):
        z_cls, z_patches = self.norm1(cls), self.norm1(patches)
        z = ops.append(z_cls, z_patches, axis=1)
        h = ops.add(cls, self.scale1(self.attn(z_cls, z)))
        return ops.add(h, self.scale2(self.mlp(self.norm2(h))))


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    kernel = np.asarray(kernel)
    fan_in = np.prod(kernel.shape[:3])
    mean = kernel.mean(axis=(0, 1, 2), keepdims=True)
    var = kernel.var(axis=(0, 1, 2), keepdims=True)
    return np.asarray(gain) * (kernel - mean) / np.sqrt(np.clip(fan_in * var, epsilon, None))


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    line = np.linspace(w0, w0 + wa * (depth - 1), depth)
    most = int(np.ceil(np.log(line[-1] / w0) / np.log(wm))) + 1
    steps = w0 * np.power(float(wm), np.arange(most + 1))
    nearest = np.abs(np.log(line)[:, None] - np.log(steps)[None]).argmin(axis=1)
    return tuple(int(width) for width in q * np.round(steps[nearest] / q))


# %%
def recipe_gain(table):
    names = np.array([row[0] for row in table])
    numbers = np.array([row[1:] for row in table], dtype=float).reshape(-1, 4)  # None becomes nan
    gain = numbers[:, 0] - numbers[:, 3]
    there = ~np.isnan(gain)
    return dict(zip(names[there].tolist(), gain[there].tolist()))


# %%
def figure():
    start, matrices = random_network()

    def norm(x):
        return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-6)

    rows = []
    for branch in (lambda x: x, norm, lambda x: 0.1 * norm(x)):
        x = start.astype("float64")
        row = [np.mean(x**2)]
        for matrix in matrices:
            x = x + branch(x) @ matrix
            row.append(np.mean(x**2))
        rows.append(row)
    a1 = np.array([row[1] for row in RSB_TABLE])
    org = np.array([np.nan if row[4] is None else row[4] for row in RSB_TABLE])
    gains = (a1 - org)[~np.isnan(org)]
    mixers = np.array([MIXER_TABLE[name][:2] for name in ("Mixer-L/16", "Mixer-H/14")])
    vits = np.array([MIXER_TABLE[name][:2] for name in ("ViT-L/16", "ViT-H/14")])
    trade = np.stack([mixers[:, 0] - vits[:, 0], mixers[:, 1] / vits[:, 1]], axis=1)
    return {
        "signal": np.array(rows),
        "gains": gains,
        "trade": trade,
        "answer_1": np.int64(2 * 196 * 512 + 512 + 196 + 2 * 1024 * 4096 + 4096 + 1024 + 4 * 1024),
        "answer_2": (1, 1, 0, 0, 1),
    }
