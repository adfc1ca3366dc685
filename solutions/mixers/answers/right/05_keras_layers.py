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
        self.norm1 = layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = layers.LayerNormalization(epsilon=epsilon)
        self.turn = layers.Permute((2, 1))
        self.plus = layers.Add()
        self.token_mlp = keras.Sequential(
            [layers.Dense(token_mlp_dim), layers.Activation("gelu"), layers.Dense(num_tokens, activation="linear")]
        )
        self.channel_mlp = keras.Sequential(
            [layers.Dense(channel_mlp_dim), layers.Activation("gelu"), layers.Dense(dim, activation="linear")]
        )

    def call(self, x):
        branch = self.turn(self.token_mlp(self.turn(self.norm1(x))))
        h = self.plus([x, branch])
        return self.plus([h, self.channel_mlp(self.norm2(h))])


# %%
class LayerScale(layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.initializer = keras.initializers.get({"class_name": "Constant", "config": {"value": init_value}})

    def build(self, input_shape):
        self.gamma = self.add_weight((input_shape[-1],), self.initializer, name="gamma")
        self.built = True

    def call(self, x):
        return layers.multiply([x, ops.broadcast_to(self.gamma, ops.shape(x))])

    def compute_output_shape(self, input_shape):
        return input_shape


# %%
class ClassAttentionBlock(layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = layers.LayerNormalization(epsilon=epsilon)
        self.mlp = keras.Sequential([layers.Dense(mlp_dim), layers.Activation("gelu"), layers.Dense(dim)])
        self.scale1 = LayerScale(init_value)
        self.scale2 = LayerScale(init_value)
        self.join = layers.Concatenate(axis=1)
        self.first = layers.Lambda(lambda z: z[:, :1])
        self.plus = layers.Add()

    def call(self, cls, patches, training=None):
        z = self.norm1(self.join([cls, patches]))
        h = self.plus([cls, self.scale1(self.attn(self.first(z), z))])
        return self.plus([h, self.scale2(self.mlp(self.norm2(h)))])


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    mean, var = ops.moments(ops.convert_to_tensor(kernel), axes=(0, 1, 2), keepdims=True)
    kh, kw, c_in, _ = kernel.shape
    return gain * (kernel - mean) * ops.rsqrt(ops.maximum(kh * kw * c_in * var, epsilon))


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    j = np.arange(depth, dtype="float64")
    u = w0 + wa * j
    s = np.floor(np.log(u / w0) / np.log(wm) + 0.5)
    return (np.floor(w0 * wm**s / q + 0.5) * q).astype("int64").tolist()


# %%
def recipe_gain(table):
    kept = filter(lambda row: row[4] is not None, table)
    return dict(map(lambda row: (row[0], row[1] - row[4]), kept))


# %%
def figure():
    tokens, matrices = random_network()
    norm, add = keras.layers.LayerNormalization(epsilon=1e-6), layers.Add()
    signal = []
    for kind in ("bare", "norm", "scale"):
        x = ops.convert_to_tensor(tokens)
        row = [ops.mean(ops.square(x))]
        for matrix in matrices:
            dense = layers.Dense(64, use_bias=False)
            dense.build((None, 64))
            dense.set_weights([matrix])
            branch = dense(x if kind == "bare" else norm(x))
            if kind == "scale":
                branch = LayerScale(0.1)(branch)
            x = add([x, branch])
            row.append(ops.mean(ops.square(x)))
        signal.append(ops.stack(row))
    gains = recipe_gain(RSB_TABLE)
    trade = []
    for one, other in (("Mixer-L/16", "ViT-L/16"), ("Mixer-H/14", "ViT-H/14")):
        (top, speed, _), (vit_top, vit_speed, _) = MIXER_TABLE[one], MIXER_TABLE[other]
        trade.append((top - vit_top, speed / vit_speed))
    return {
        "signal": ops.stack(signal),
        "gains": [gains[row[0]] for row in RSB_TABLE if row[0] in gains],
        "trade": trade,
        "answer_1": 201_412 + 8_393_728 + 4_096,
        "answer_2": [True, True, False, False, True],
    }
