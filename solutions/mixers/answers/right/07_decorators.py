# %%
import functools

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
def residual(function):
    """function(self, x) becomes x + function(self, x)."""

    @functools.wraps(function)
    def wrapped(self, x, *args, **kwargs):
        return x + function(self, x, *args, **kwargs)

    return wrapped


def turned(function):
    """Let function see tokens and channels swapped."""

    @functools.wraps(function)
    def wrapped(self, x):
        return ops.transpose(function(self, ops.transpose(x, axes=[0, 2, 1])), axes=[0, 2, 1])

    return wrapped


gelu = functools.partial(ops.gelu, approximate=False)


@keras.saving.register_keras_serializable(package="lesson10")
class MixerBlock(keras.layers.Layer):
    def __init__(self, num_tokens, dim, token_mlp_dim, channel_mlp_dim, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        new_norm = functools.partial(keras.layers.LayerNormalization, epsilon=epsilon)
        self.norm1, self.norm2 = new_norm(), new_norm()
        self.token_mlp = keras.Sequential([keras.layers.Dense(token_mlp_dim, gelu), keras.layers.Dense(num_tokens)])
        self.channel_mlp = keras.Sequential([keras.layers.Dense(channel_mlp_dim, gelu), keras.layers.Dense(dim)])

    @turned
    def over_tokens(self, z):
        return self.token_mlp(z)

    @residual
    def first(self, x):
        return self.over_tokens(self.norm1(x))

    @residual
    def second(self, h):
        return self.channel_mlp(self.norm2(h))

    def call(self, x):
        return self.second(self.first(x))


# %%
@keras.saving.register_keras_serializable(package="lesson10")
class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self._config = {"init_value": init_value}

    def build(self, input_shape):
        start = lambda shape, dtype=None, **_: ops.ones(shape, dtype) * self._config["init_value"]  # noqa: E731
        self.gamma = self.add_weight(name="gamma", shape=(input_shape[-1],), initializer=start, trainable=True)

    def call(self, x):
        return self.gamma * x

    def get_config(self):
        return super().get_config() | self._config


# %%
@keras.saving.register_keras_serializable(package="lesson10")
class ClassAttentionBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        new_norm = functools.partial(keras.layers.LayerNormalization, epsilon=epsilon)
        self.norm1, self.norm2 = new_norm(), new_norm()
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.mlp = keras.Sequential([keras.layers.Dense(mlp_dim, gelu), keras.layers.Dense(dim)])
        self.scale1, self.scale2 = LayerScale(init_value), LayerScale(init_value)

    @residual
    def ask(self, cls, patches):
        z = self.norm1(ops.concatenate([cls, patches], axis=1))
        return self.scale1(self.attn(z[:, :1, :], z))

    @residual
    def think(self, h):
        return self.scale2(self.mlp(self.norm2(h)))

    def call(self, cls, patches, training=None):
        return self.think(self.ask(cls, patches))


# %%
def as_matrix(function):
    """Let function see the kernel as a table (M, Cout)."""

    @functools.wraps(function)
    def wrapped(kernel, gain, epsilon=1e-4):
        kernel = np.asarray(kernel)
        return function(kernel.reshape(-1, kernel.shape[-1]), gain, epsilon).reshape(kernel.shape)

    return wrapped


@as_matrix
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    kernel = kernel - kernel.mean(axis=0)
    return np.asarray(gain) * kernel / np.maximum(np.linalg.norm(kernel, axis=0), np.sqrt(epsilon))


# %%
def listed(function):
    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        return list(function(*args, **kwargs))

    return wrapped


@listed
def regnet_widths(w0, wa, wm, depth, q=8):
    for j in range(depth):
        step = round(np.log1p(wa * j / w0) / np.log(wm))
        yield int(round(w0 * wm**step / q)) * q


# %%
def as_dict(function):
    @functools.wraps(function)
    def wrapped(table):
        return dict(function(table))

    return wrapped


@as_dict
def recipe_gain(table):
    for name, new, *_, old in table:
        if old is not None:
            yield name, new - old


# %%
def figure():
    @functools.cache
    def network():
        return random_network()

    def measured(step):
        @functools.wraps(step)
        def row():
            x, matrices = network()
            found = [ops.mean(ops.square(x))]
            for matrix in matrices:
                x = x + step(x, matrix)
                found.append(ops.mean(ops.square(x)))
            return [float(number) for number in found]

        return row

    norm = keras.layers.LayerNormalization(epsilon=1e-6)

    @measured
    def bare(x, matrix):
        return ops.matmul(x, matrix)

    @measured
    def normed(x, matrix):
        return ops.matmul(norm(x), matrix)

    @measured
    def scaled(x, matrix):
        return LayerScale(0.1)(ops.matmul(norm(x), matrix))

    def against(size):
        (a, s, _), (b, t, _) = MIXER_TABLE[f"Mixer-{size}"], MIXER_TABLE[f"ViT-{size}"]
        return a - b, s / t

    return {
        "signal": [bare(), normed(), scaled()],
        "gains": tuple(recipe_gain(RSB_TABLE).values()),
        "trade": [against("L/16"), against("H/14")],
        "answer_1": weights(196, 512) + weights(1024, 4096) + 2 * 2 * 1024,
        "answer_2": [1, 1, 0, 0, 1],
    }


def weights(width, hidden):
    return (width + 1) * hidden + (hidden + 1) * width
