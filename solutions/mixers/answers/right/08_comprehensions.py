# %%
import itertools
from math import log, prod, sqrt

import keras
import numpy as np
from keras import ops
from keras.layers import Dense, Layer, LayerNormalization, MultiHeadAttention


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
class MixerBlock(Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.num_tokens, self.dim = num_tokens, dim
        self.norm1, self.norm2 = [LayerNormalization(epsilon=epsilon) for _ in range(2)]
        self.token_mlp, self.channel_mlp = [
            keras.Sequential([Dense(hidden, "gelu"), Dense(width)])
            for width, hidden in [(num_tokens, token_mlp_dim), (dim, channel_mlp_dim)]
        ]

    def call(self, x):
        z = self.norm1(x)
        # one column, which is one channel of all tokens, after the other
        columns = [self.token_mlp(z[:, :, channel]) for channel in range(self.dim)]
        h = x + ops.stack(columns, axis=2)
        return h + self.channel_mlp(self.norm2(h))


# %%
class LayerScale(Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.value = init_value

    def build(self, input_shape):
        start = keras.initializers.RandomUniform(self.value, self.value)
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer=start)

    def call(self, x):
        return ops.stack([x[..., i] * self.gamma[i] for i in range(x.shape[-1])], axis=-1)


# %%
class ClassAttentionBlock(Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        for i in (1, 2):
            setattr(self, f"norm{i}", LayerNormalization(epsilon=epsilon))
            setattr(self, f"scale{i}", LayerScale(init_value))
        self.attn = MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.mlp = keras.Sequential([Dense(mlp_dim, "gelu"), Dense(dim)])

    def call(self, cls, patches, training=None):
        z = ops.concatenate([self.norm1(part) for part in (cls, patches)], axis=1)
        query, _ = ops.split(z, [1], axis=1)
        branches = [
            lambda h: self.scale1(self.attn(query, z, z)),
            lambda h: self.scale2(self.mlp(self.norm2(h))),
        ]
        *_, y = itertools.accumulate(branches, lambda h, branch: h + branch(h), initial=cls)
        return y


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    gains = itertools.repeat(gain) if np.ndim(gain) == 0 else iter(gain)
    centred = (part - ops.mean(part) for part in ops.unstack(ops.convert_to_tensor(kernel), axis=-1))
    return ops.stack(
        [float(g) * part / ops.sqrt(ops.maximum(ops.sum(part * part), epsilon)) for part, g in zip(centred, gains)],
        axis=-1,
    )


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    line = itertools.islice(itertools.count(w0, wa), depth)
    steps = (round(log(u / w0) / log(wm)) for u in line)
    return tuple(q * round(w0 * prod([wm] * s) / q) for s in steps)


# %%
def recipe_gain(table):
    return {row[0]: row[1] - row[-1] for row in table if row[-1] is not None}


# %%
def figure():
    x0, matrices = random_network()
    norm = keras.layers.LayerNormalization(epsilon=1e-6)
    steps = [
        lambda x, w: x + ops.matmul(x, w),
        lambda x, w: x + ops.matmul(norm(x), w),
        lambda x, w: x + LayerScale(0.1)(ops.matmul(norm(x), w)),
    ]
    signal = [[float(ops.mean(x * x)) for x in itertools.accumulate(matrices, f, initial=x0)] for f in steps]
    pairs = [[MIXER_TABLE[kind + size] for kind in ("Mixer-", "ViT-")] for size in ("L/16", "H/14")]
    mixer = [(196, 512), (512,), (512, 196), (196,), (1024, 4096), (4096,), (4096, 1024), (1024,), *[(1024,)] * 4]
    return {
        "signal": signal,
        "gains": [new - old for _, new, _, _, old in RSB_TABLE if old is not None],
        "trade": [[m[0] - v[0], m[1] / v[1]] for m, v in pairs],
        "answer_1": sum(prod(shape) for shape in mixer),
        "answer_2": [int(c) for c in "11001"],
    }
