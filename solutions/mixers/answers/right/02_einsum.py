# %%
import keras
import numpy as np
from keras import layers, ops


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
class MixerBlock(layers.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1, self.norm2 = (layers.LayerNormalization(axis=-1, epsilon=epsilon) for _ in "12")
        self.token_mlp = keras.Sequential(
            [
                layers.EinsumDense("bdn,ns->bds", (None, token_mlp_dim), activation="gelu", bias_axes="s"),
                layers.EinsumDense("bds,sn->bdn", (None, num_tokens), bias_axes="n"),
            ]
        )
        self.channel_mlp = keras.Sequential(
            [
                layers.EinsumDense("bnd,dc->bnc", (None, channel_mlp_dim), activation="gelu", bias_axes="c"),
                layers.EinsumDense("bnc,cd->bnd", (None, dim), bias_axes="d"),
            ]
        )

    def call(self, x):
        turned = ops.einsum("bnd->bdn", self.norm1(x))
        h = x + ops.einsum("bdn->bnd", self.token_mlp(turned))
        return h + self.channel_mlp(self.norm2(h))


# %%
class LayerScale(layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.start = keras.initializers.Constant(init_value)

    def build(self, input_shape):
        self.gamma = self.add_weight(shape=tuple(input_shape)[-1:], initializer=self.start)

    def call(self, x):
        return ops.einsum("...d,d->...d", x, self.gamma)


# %%
class ClassAttentionBlock(layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1, self.norm2 = (layers.LayerNormalization(epsilon=epsilon) for _ in "12")
        self.scale1, self.scale2 = (LayerScale(init_value) for _ in "12")
        self.attn = layers.MultiHeadAttention(num_heads, dim // num_heads)
        self.mlp = keras.Sequential(
            [
                layers.EinsumDense("bnd,dc->bnc", (None, mlp_dim), activation="gelu", bias_axes="c"),
                layers.EinsumDense("bnc,cd->bnd", (None, dim), bias_axes="d"),
            ]
        )

    def call(self, cls, patches, training=None):
        z = self.norm1(ops.concatenate((cls, patches), axis=-2))
        h = cls + self.scale1(self.attn(query=z[:, 0:1, :], key=z, value=z, training=training))
        return h + self.scale2(self.mlp(self.norm2(h)))


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    kernel = np.asarray(kernel)
    m = kernel[..., 0].size
    centred = kernel - np.einsum("hwio->o", kernel) / m
    squares = np.einsum("hwio,hwio->o", centred, centred)
    return np.einsum("hwio,o->hwio", centred, gain / np.sqrt(np.maximum(squares, epsilon)))


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    u = w0 + wa * np.arange(depth)
    s = np.rint(np.log(u / w0) / np.log(wm))
    return (q * np.rint(w0 * wm**s / q)).astype(int)


# %%
def recipe_gain(table):
    return {model: a1 - org for model, a1, _, _, org in table if org is not None}


# %%
def figure():
    x0, matrices = random_network()
    norm = keras.layers.LayerNormalization(epsilon=1e-6)

    def walk(step):
        x, sizes = x0, [float(np.einsum("nd,nd->", x0, x0) / x0.size)]
        for matrix in matrices:
            x = x + step(x, matrix)
            sizes.append(float(ops.einsum("nd,nd->", x, x) / x0.size))
        return sizes

    signal = [
        walk(lambda x, m: ops.einsum("nd,de->ne", x, m)),
        walk(lambda x, m: ops.einsum("nd,de->ne", norm(x), m)),
        walk(lambda x, m: LayerScale(0.1)(ops.einsum("nd,de->ne", norm(x), m))),
    ]
    l, vl, h, vh = (MIXER_TABLE[k] for k in ("Mixer-L/16", "ViT-L/16", "Mixer-H/14", "ViT-H/14"))
    return {
        "signal": np.array(signal),
        "gains": np.array(list(recipe_gain(RSB_TABLE).values())),
        "trade": np.array([[l[0] - vl[0], l[1] / vl[1]], [h[0] - vh[0], h[1] / vh[1]]]),
        "answer_1": 8_599_236,
        "answer_2": np.array([1, 1, 0, 0, 1]),
    }
