# %%
import math

import keras
import numpy as np
import tensorflow as tf
from vitlab import training


# %%
class LayerNorm(keras.layers.Layer):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.gamma = self.add_weight(name="gamma", shape=(input_shape[-1],), initializer="ones")
        self.beta = self.add_weight(name="beta", shape=(input_shape[-1],), initializer="zeros")

    def call(self, x):
        mean, variance = tf.nn.moments(x, axes=[-1], keepdims=True)
        inverse = tf.math.rsqrt(variance + self.epsilon)
        return tf.convert_to_tensor(self.gamma) * ((x - mean) * inverse) + tf.convert_to_tensor(self.beta)


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim)
        self.fc2 = keras.layers.Dense(dim)
        self.activation = keras.activations.get(activation)
        self.rate = dropout

    def call(self, x, training=None):
        hidden = self.activation(self.fc1(x))
        if training and self.rate > 0:
            hidden = tf.nn.dropout(hidden, rate=self.rate)
        return self.fc2(hidden)


# %%
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = keras.layers.MultiHeadAttention(num_heads=num_heads, key_dim=dim // num_heads, dropout=dropout)
        self.norm1 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = keras.layers.LayerNormalization(epsilon=epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)
        self.norm_first = bool(norm_first)

    def call(self, x, mask=None, return_weights=False, training=None):
        if mask is not None:
            mask = tf.cast(mask, tf.bool)
        if self.norm_first:
            n = self.norm1(x)
            a, weights = self.attn(
                query=n, value=n, key=n, attention_mask=mask, return_attention_scores=True, training=training
            )
            h = tf.add(x, a)
            y = tf.add(h, self.mlp(self.norm2(h), training=training))
        else:
            a, weights = self.attn(
                query=x, value=x, key=x, attention_mask=mask, return_attention_scores=True, training=training
            )
            h = self.norm1(tf.add(x, a))
            y = self.norm2(tf.add(h, self.mlp(h, training=training)))
        if return_weights:
            return y, weights
        return y


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        self.count = (image_size // patch_size) ** 2
        self.dim = dim
        self.pool = pool
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.cls_token = self.add_weight(name="cls_token", shape=(1, 1, dim), initializer="zeros")
        self.pos_embed = self.add_weight(name="pos_embed", shape=(1, 1 + self.count, dim), initializer="random_normal")
        self.drop = keras.layers.Dropout(dropout)
        blocks = []
        for _ in range(depth):
            blocks.append(EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout))
        self.blocks = blocks
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)

    def embed(self, images, training):
        tokens = tf.reshape(self.patch_embed(images), (-1, self.count, self.dim))
        cls = tf.tile(tf.convert_to_tensor(self.cls_token), (tf.shape(tokens)[0], 1, 1))
        return self.drop(tf.concat((cls, tokens), axis=1) + tf.convert_to_tensor(self.pos_embed), training=training)

    def call(self, images, training=None):
        x = self.embed(images, training)
        for block in self.blocks:
            x = block(x, training=training)
        x = self.norm(x)
        pooled = x[:, 0, :] if self.pool == "cls" else tf.reduce_mean(x[:, 1:, :], axis=1)
        return self.head(pooled)

    def forward_features(self, images, training=None):
        x = self.embed(images, training)
        features, attentions = [], []
        for block in self.blocks:
            x, a = block(x, return_weights=True, training=training)
            features += [x]
            attentions += [a]
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    n = image_size // patch_size
    total = (patch_size * patch_size * channels + 1) * dim
    total += extra_tokens * dim + (n * n + extra_tokens) * dim
    total += depth * (4 * (dim + 1) * dim + (dim + 1) * mlp_dim + (mlp_dim + 1) * dim + 4 * dim)
    total += 2 * dim + extra_tokens * (dim + 1) * num_classes
    return int(total)


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    s = tf.cast(step, tf.float32)
    rise = base_lr * tf.math.divide_no_nan(s, tf.cast(warmup_steps, tf.float32))
    along = tf.minimum((s - warmup_steps) / (total_steps - warmup_steps), 1.0)
    fall = base_lr * 0.5 * (1.0 + tf.cos(math.pi * along))
    return tf.where(s < warmup_steps, rise, fall)


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    plan = training.budget(dataset=data)
    vit = VisionTransformer(**plan.model)
    return vit, training.fit(vit, data, plan, seed=seed)


# %%
def figure():
    x = tf.random.normal((1, 7, 12))
    changed = tf.tensor_scatter_nd_update(x, [[0, 3]], tf.random.normal((1, 12)))
    reach = []
    for layer in (LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False)):
        far = tf.reduce_max(tf.abs(layer(changed) - layer(x)), axis=-1)
        reach.append(int(tf.math.count_nonzero(far)))
    return {
        "params": tf.constant([vit_param_count(224, 16, 1000, d, 12, 4 * d) for d in (192, 384, 768)]),
        "rates": warmup_cosine(tf.range(0, 1001, 50), 1.0, 200, 1000),
        "reach": tf.constant(reach),
        "answer_1": 18914304,
        "answer_2": tf.constant([1, 0, 1, 0, 1]),
    }
