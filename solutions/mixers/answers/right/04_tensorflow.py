# %%
import keras
import numpy as np
import tensorflow as tf
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
        self.token_mlp = tf.keras.Sequential(
            [tf.keras.layers.Dense(token_mlp_dim, activation=tf.nn.gelu), tf.keras.layers.Dense(num_tokens)]
        )
        self.channel_mlp = tf.keras.Sequential(
            [tf.keras.layers.Dense(channel_mlp_dim, activation=tf.nn.gelu), tf.keras.layers.Dense(dim)]
        )

    def call(self, x):
        x = tf.convert_to_tensor(x)
        h = x + tf.linalg.matrix_transpose(self.token_mlp(tf.linalg.matrix_transpose(self.norm1(x))))
        return tf.add(h, self.channel_mlp(self.norm2(h)))


# %%
class LayerScale(keras.layers.Layer):
    def __init__(self, init_value=1e-5, **kwargs):
        super().__init__(**kwargs)
        self.init_value = init_value

    def build(self, input_shape):
        self.gamma = self.add_weight(
            shape=(input_shape[-1],), initializer=tf.keras.initializers.Constant(self.init_value), name="gamma"
        )

    def call(self, x):
        return tf.multiply(x, tf.convert_to_tensor(self.gamma))


# %%
class ClassAttentionBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = tf.keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = tf.keras.layers.LayerNormalization(epsilon=epsilon)
        self.attn = tf.keras.layers.MultiHeadAttention(num_heads, dim // num_heads)
        self.mlp = tf.keras.Sequential(
            [tf.keras.layers.Dense(mlp_dim, activation=tf.nn.gelu), tf.keras.layers.Dense(dim)]
        )
        self.scale1 = LayerScale(init_value)
        self.scale2 = LayerScale(init_value)

    def call(self, cls, patches, training=None):
        z = self.norm1(tf.concat([cls, patches], axis=1))
        asks = tf.expand_dims(tf.gather(z, 0, axis=1), 1)
        h = cls + self.scale1(self.attn(asks, z))
        return h + self.scale2(self.mlp(self.norm2(h)))


# %%
def scaled_weight_standardization(kernel, gain, epsilon=1e-4):
    kernel = tf.convert_to_tensor(kernel)
    centred = kernel - tf.reduce_mean(kernel, axis=[0, 1, 2], keepdims=True)
    # divides by sqrt(max(sum of squares, epsilon)), and M * var is the sum of squares
    return tf.cast(gain, kernel.dtype) * tf.math.l2_normalize(centred, axis=[0, 1, 2], epsilon=epsilon)


# %%
def regnet_widths(w0, wa, wm, depth, q=8):
    w0, wa, wm, q = (tf.constant(float(number), tf.float64) for number in (w0, wa, wm, q))
    u = w0 + wa * tf.range(depth, dtype=tf.float64)
    s = tf.round(tf.math.log(u / w0) / tf.math.log(wm))
    return tf.cast(q * tf.round(w0 * tf.pow(wm, s) / q), tf.int32).numpy()


# %%
def recipe_gain(table):
    known = [row for row in table if row[-1] is not None]
    if not known:
        return {}
    new, old = (tf.constant([row[column] for row in known], tf.float64) for column in (1, 4))
    return {row[0]: float(gain) for row, gain in zip(known, tf.subtract(new, old))}


# %%
def figure():
    start, matrices = (tf.constant(array) for array in random_network())
    norm = keras.layers.LayerNormalization(epsilon=1e-6)
    rows = []
    for kind in range(3):
        x = start
        sizes = [tf.reduce_mean(tf.square(x))]
        for matrix in tf.unstack(matrices):
            branch = tf.matmul(norm(x) if kind else x, matrix)
            x += LayerScale(0.1)(branch) if kind == 2 else branch
            sizes.append(tf.reduce_mean(tf.square(x)))
        rows.append(tf.stack(sizes))
    table = tf.constant([MIXER_TABLE[name][:2] for name in ("Mixer-L/16", "Mixer-H/14", "ViT-L/16", "ViT-H/14")])
    trade = tf.stack([table[:2, 0] - table[2:, 0], table[:2, 1] / table[2:, 1]], axis=1)
    block = MixerBlock(196, 1024, 512, 4096)
    block(tf.zeros((1, 196, 1024)))
    return {
        "signal": tf.stack(rows),
        "gains": tf.constant(list(recipe_gain(RSB_TABLE).values())),
        "trade": trade,
        "answer_1": block.count_params(),
        "answer_2": tf.constant([1, 1, 0, 0, 1]),
    }
