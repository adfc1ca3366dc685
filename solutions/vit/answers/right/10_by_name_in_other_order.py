# %%
import math

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
class LayerNorm(keras.layers.Layer):
    """Mean square less square of the mean would be inexact, so the vector is shifted first. Weights by a helper."""

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        *_, features = input_shape
        self.gamma = self.add_weight(name="gamma", initializer="ones", shape=(features,))
        self.beta = self.add_weight(name="beta", initializer="zeros", shape=(features,))
        super().build(input_shape)

    def call(self, x):
        size = x.shape[-1]
        x = ops.subtract(x, ops.sum(x, axis=-1, keepdims=True) / size)
        length = ops.sum(x * x, axis=-1, keepdims=True)
        x = ops.divide(x * math.sqrt(size), ops.sqrt(length + size * self.epsilon))
        return self.beta + self.gamma * x


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc2 = keras.layers.Dense(name="fc2", units=dim)
        self.drop = keras.layers.Dropout(dropout)
        self.fc1 = keras.layers.Dense(name="fc1", units=hidden_dim)
        self.activation = keras.activations.get(activation)

    def call(self, x, training=None):
        return self.fc2(inputs=self.activation(self.drop(self.fc1(inputs=x), training=training)))


# %%
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.mlp = FeedForward(dropout=dropout, activation=activation, hidden_dim=mlp_dim, dim=dim, name="mlp")
        self.norm2 = LayerNorm(name="norm2", epsilon=epsilon)
        self.norm1 = LayerNorm(name="norm1", epsilon=epsilon)
        self.attn = keras.layers.MultiHeadAttention(
            name="attn", output_shape=dim, use_bias=True, key_dim=dim // num_heads, num_heads=num_heads
        )
        self.norm_first = norm_first

    def call(self, x, mask=None, return_weights=False, training=None):
        def norm_before(norm, tokens):
            return norm(tokens) if self.norm_first else tokens

        def norm_after(norm, tokens):
            return tokens if self.norm_first else norm(tokens)

        tokens = norm_before(self.norm1, x)
        out, weights = self.attn(
            return_attention_scores=True, training=training, attention_mask=mask, key=tokens, value=tokens, query=tokens
        )
        h = norm_after(self.norm1, out + x)
        y = norm_after(self.norm2, self.mlp(norm_before(self.norm2, h), training=training) + h)
        if not return_weights:
            return y
        return y, weights


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        self.head = keras.layers.Dense(name="head", units=num_classes)
        self.norm = LayerNorm(epsilon=1e-6)
        self.blocks = [
            EncoderBlock(
                name=f"block_{i}", norm_first=True, dropout=dropout, mlp_dim=mlp_dim, num_heads=num_heads, dim=dim
            )
            for i in range(depth)
        ]
        self.drop = keras.layers.Dropout(rate=dropout)
        self.positions = (image_size // patch_size) * (image_size // patch_size) + 1
        self.dim = dim
        self.patch_embed = keras.layers.Conv2D(strides=patch_size, kernel_size=patch_size, filters=dim)
        self.pool = pool

    def build(self, input_shape):
        self.pos_embed = self.add_weight(
            name="pos_embed", initializer="truncated_normal", shape=(1, self.positions, self.dim)
        )
        self.cls_token = self.add_weight(name="cls_token", initializer="truncated_normal", shape=(1, 1, self.dim))
        self.patch_embed.build(input_shape)
        for block in self.blocks:
            block(ops.zeros((1, self.positions, self.dim)))
        self.norm.build((None, self.positions, self.dim))
        self.head.build((None, self.dim))
        self.built = True

    def _forward(self, images, training, look=None):
        patches = self.patch_embed(images)
        patches = ops.reshape(patches, newshape=(-1, self.positions - 1, self.dim))
        cls = ops.tile(self.cls_token, repeats=(ops.shape(patches)[0], 1, 1))
        x = self.drop(ops.concatenate(axis=1, xs=(cls, patches)) + self.pos_embed, training=training)
        for block in self.blocks:
            x, weights = block(training=training, return_weights=True, mask=None, x=x)
            if look is not None:
                look(x, weights)
        return self.norm(x)

    def call(self, images, training=None):
        x = self._forward(training=training, images=images)
        cls, patches = ops.split(x, [1], axis=1)
        return self.head(cls[:, 0] if self.pool == "cls" else ops.mean(patches, axis=1))

    def forward_features(self, images, training=None):
        features, attentions = [], []

        def look(x, weights):
            features.append(x)
            attentions.append(weights)

        self._forward(images, training, look=look)
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    D, M, K, P, C, L, E = dim, mlp_dim, num_classes, patch_size, channels, depth, extra_tokens
    N = (image_size // P) ** 2
    return L * (4 * D**2 + 2 * D * M + M + 9 * D) + (P**2 * C + 1) * D + (N + 2 * E) * D + 2 * D + E * K * (D + 1)


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    if isinstance(step, (int, float)):
        if step < warmup_steps:
            return base_lr * step / warmup_steps
        if step >= total_steps:
            return 0.0
        return base_lr * (1 + math.cos(math.pi * (step - warmup_steps) / (total_steps - warmup_steps))) / 2
    step = ops.cast(dtype="float32", x=step)
    angle = math.pi * (ops.clip(step, x_min=warmup_steps, x_max=total_steps) - warmup_steps)
    down = base_lr * (1 + ops.cos(angle / (total_steps - warmup_steps))) / 2
    return ops.where(step < warmup_steps, x2=down, x1=base_lr * step / max(warmup_steps, 1))


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def figure():
    sizes = [{"dim": d, "mlp_dim": 4 * d} for d in (192, 384, 768)]
    params = [
        vit_param_count(**size, depth=12, num_classes=1000, patch_size=16, image_size=224) for size in sizes
    ]
    block = vit_param_count(0, 1, 0, 512, 6, 2048, extra_tokens=0, channels=0) - 512 - 2 * 512
    x = np.random.uniform(-1, 1, (2, 1, 7, 12)).astype("float32")
    x[1, :, :3], x[1, :, 4:] = x[0, :, :3], x[0, :, 4:]
    layers = [LayerNorm(), FeedForward(hidden_dim=24, dim=12),
              EncoderBlock(norm_first=False, mlp_dim=24, num_heads=3, dim=12)]
    reach = [7 - sum(np.array_equal(a, b) for a, b in zip(np.array(f(x[0]))[0], np.array(f(x[1]))[0])) for f in layers]
    return {
        "answer_2": [1, 0, 1, 0, 1],
        "answer_1": block,
        "reach": reach,
        "rates": [warmup_cosine(step, total_steps=1000, warmup_steps=200, base_lr=1.0) for step in range(0, 1001, 50)],
        "params": params,
    }
