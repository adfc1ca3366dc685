# %%
from functools import partial

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def normalise(x, epsilon):
    x = x - ops.mean(x, axis=-1, keepdims=True)
    return x / ops.sqrt(ops.mean(ops.square(x), axis=-1, keepdims=True) + epsilon)


class Scaled(keras.layers.Layer):
    """Anything with a gamma and a beta."""

    def build(self, input_shape):
        make = partial(self.add_weight, shape=input_shape[-1:])
        self.gamma = make(name="gamma", initializer="ones")
        self.beta = make(name="beta", initializer="zeros")

    def stretch(self, x):
        return ops.add(ops.multiply(x, self.gamma), self.beta)


class LayerNorm(Scaled):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def call(self, x):
        return self.stretch(normalise(x, self.epsilon))


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim, activation)
        self.fc2 = keras.layers.Dense(dim)
        self.before = keras.layers.Dropout(dropout / 2)
        self.behind = keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        for layer, is_dropout in ((self.before, True), (self.fc1, False), (self.fc2, False), (self.behind, True)):
            x = layer(x, training=training) if is_dropout else layer(x)
        return x


# %%
class Order:
    """Where the norm stands."""

    def __call__(self, x, box, norm):
        raise NotImplementedError


class PostNorm(Order):
    def __call__(self, x, box, norm):
        return norm(x + box(x))


class PreNorm(Order):
    def __call__(self, x, box, norm):
        return x + box(norm(x))


class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = LayerNorm(epsilon)
        self.norm2 = LayerNorm(epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation=activation, dropout=dropout)
        self.order = {False: PostNorm, True: PreNorm}[bool(norm_first)]()

    def call(self, x, mask=None, return_weights=False, training=None):
        kept = {}

        def attend(tokens):
            result, kept["weights"] = self.attn(
                tokens, tokens, attention_mask=mask, return_attention_scores=True, training=training
            )
            return result

        h = self.order(x, attend, self.norm1)
        y = self.order(h, partial(self.mlp, training=training), self.norm2)
        return (y, kept["weights"]) if return_weights else y


# %%
class Embedder(keras.Model):
    """Images -> tokens with CLS and positions."""

    def set_up(self, image_size, patch_size, dim, dropout):
        n = (image_size // patch_size) ** 2
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.flat = keras.layers.Reshape((n, dim))
        self.cls_token = self.add_weight(name="cls_token", shape=(1, 1, dim))
        self.pos_embed = self.add_weight(name="pos_embed", shape=(1, n + 1, dim))
        self.drop = keras.layers.Dropout(dropout)

    def embed(self, images, training):
        x = self.flat(self.patch_embed(images))
        cls = ops.repeat(self.cls_token, ops.shape(images)[0], axis=0)
        return self.drop(ops.concatenate([cls, x], axis=-2) + self.pos_embed, training=training)


class VisionTransformer(Embedder):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        self.set_up(image_size, patch_size, dim, dropout)
        make = partial(EncoderBlock, dim, num_heads, mlp_dim, norm_first=True, dropout=dropout)
        self.blocks = [make() for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)
        self.pooling = {"cls": lambda x: x[:, 0], "mean": lambda x: ops.mean(x[:, 1:], axis=1)}[pool]

    def walk(self, images, training):
        x = self.embed(images, training)
        for block in self.blocks:
            x, weights = block(x, return_weights=True, training=training)
            yield x, weights

    def call(self, images, training=None):
        *_, (last, _) = self.walk(images, training)
        return self.head(self.pooling(self.norm(last)))

    def forward_features(self, images, training=None):
        features, attentions = zip(*self.walk(images, training))
        return list(features), list(attentions)


# %%
def dense(a, b):
    return a * b + b


def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    norm = 2 * dim
    patches = (image_size // patch_size) ** 2
    block = norm + 4 * dense(dim, dim) + norm + dense(dim, mlp_dim) + dense(mlp_dim, dim)
    first = dense(patch_size * patch_size * channels, dim) + dim * (extra_tokens + patches + extra_tokens)
    return first + depth * block + norm + extra_tokens * dense(dim, num_classes)


# %%
def ramp(step, warmup_steps):
    return step / max(1, warmup_steps)


def half_wave(step, warmup_steps, total_steps):
    angle = np.pi * (step - warmup_steps) / (total_steps - warmup_steps)
    return ops.cos(ops.minimum(angle, np.pi) / 2) ** 2


def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")
    chosen = ops.where(step < warmup_steps, ramp(step, warmup_steps), half_wave(step, warmup_steps, total_steps))
    return chosen * base_lr * ops.cast(step < total_steps, "float32")


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def reach_of(layer, tokens=7, width=12, which=3):
    x = keras.random.normal((1, tokens, width), seed=1)
    noise = keras.random.normal((1, 1, width), seed=2) * ops.cast(ops.arange(tokens) == which, "float32")[:, None]
    change = ops.max(ops.abs(layer(x + noise) - layer(x)), axis=(0, 2))
    return int(ops.sum(ops.cast(change > 0, "int32")))


def figure():
    found = {"params": np.array([vit_param_count(224, 16, 1000, 192 * k, 12, 768 * k) for k in (1, 2, 4)])}
    found["rates"] = warmup_cosine(ops.convert_to_tensor(range(0, 1001, 50)), 1, 200, 1000)
    found["reach"] = np.array([reach_of(LayerNorm()), reach_of(FeedForward(12, 24)),
                               reach_of(EncoderBlock(12, 3, 24, norm_first=False))])
    found["answer_1"] = 6 * (4 * 512 + 4 * dense(512, 512) + dense(512, 2048) + dense(2048, 512))
    found["answer_2"] = np.array([1, 0, 1, 0, 1])
    return found
