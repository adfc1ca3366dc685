# %%
import math

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
class LayerNorm(keras.layers.Layer):
    """Feature by feature, with sums."""

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        self.d = input_shape[-1]
        self.gamma = self.add_weight(shape=(self.d,), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(self.d,), initializer="zeros", name="beta")

    def call(self, x):
        columns = [x[..., i] for i in range(self.d)]
        mean = sum(columns) / self.d
        variance = 0.0
        for column in columns:
            variance = variance + (column - mean) ** 2 / self.d
        root = ops.sqrt(variance + self.epsilon)
        result = []
        for i, column in enumerate(columns):
            result.append((column - mean) / root * self.gamma[i] + self.beta[i])
        return ops.stack(result, axis=-1)


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim, activation=activation)
        self.fc2 = keras.layers.Dense(dim)
        self.drop1 = keras.layers.Dropout(dropout)
        self.drop2 = keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        for dense, drop in ((self.fc1, self.drop1), (self.fc2, self.drop2)):
            x = drop(dense(x), training=training)
        return x


# %%
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm_first = norm_first
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = LayerNorm(epsilon)
        self.norm2 = LayerNorm(epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)

    def call(self, x, mask=None, return_weights=False, training=None):
        weights = None
        for name, norm in (("attn", self.norm1), ("mlp", self.norm2)):
            line = x
            if self.norm_first:
                x = norm(x)
            if name == "attn":
                x, weights = self.attn(
                    x, x, attention_mask=mask, return_attention_scores=True, training=training
                )
            else:
                x = self.mlp(x, training=training)
            x = line + x
            if not self.norm_first:
                x = norm(x)
        if return_weights:
            return x, weights
        return x


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        self.side = image_size // patch_size
        self.pool = pool
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="zeros", name="cls_token")
        self.pos_embed = self.add_weight(
            shape=(1, 1 + self.side * self.side, dim), initializer="random_normal", name="pos_embed"
        )
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = [EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout) for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)

    def begin(self, images, training):
        grid = self.patch_embed(images)
        rows = [ops.zeros_like(grid[:, 0, 0]) + self.cls_token[0, 0]]
        for i in range(self.side):
            for j in range(self.side):
                rows.append(grid[:, i, j])
        rows = [row + self.pos_embed[:, n] for n, row in enumerate(rows)]
        return self.drop(ops.stack(rows, axis=1), training=training)

    def call(self, images, training=None):
        x = self.begin(images, training)
        for block in self.blocks:
            x = block(x, training=training)
        x = self.norm(x)
        if self.pool == "cls":
            row = x[:, 0]
        else:
            row = sum(x[:, n] for n in range(1, 1 + self.side**2)) / self.side**2
        return self.head(row)

    def forward_features(self, images, training=None):
        x = self.begin(images, training)
        features, attentions = [], []
        for block in self.blocks:
            x, attention = block(x, return_weights=True, training=training)
            features.append(x)
            attentions.append(attention)
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    patches = (image_size // patch_size) ** 2
    shapes = [(patch_size, patch_size, channels, dim), (dim,)]
    for _ in range(extra_tokens):
        shapes += [(1, 1, dim), (1, 1, dim), (dim, num_classes), (num_classes,)]
    shapes.append((1, patches, dim))
    for _ in range(depth):
        for _ in ("query", "key", "value", "output"):
            shapes += [(dim, dim), (dim,)]
        shapes += [(dim,), (dim,), (dim,), (dim,)]
        shapes += [(dim, mlp_dim), (mlp_dim,), (mlp_dim, dim), (dim,)]
    shapes += [(dim,), (dim,)]
    count = 0
    for shape in shapes:
        count += math.prod(shape)
    return count


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")

    def one(s):
        up = base_lr * s / (warmup_steps or 1)
        down = base_lr * (1 + ops.cos(math.pi * (s - warmup_steps) / (total_steps - warmup_steps))) / 2
        return ops.where(s < warmup_steps, up, ops.where(s >= total_steps, 0.0, down))

    flat = ops.reshape(step, (-1,))
    return ops.reshape(ops.map(one, flat), ops.shape(step))


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    history = training.fit(model, data, budget, seed=seed)
    return model, history


# %%
def figure():
    params = []
    for d in (192, 384, 768):
        params.append(vit_param_count(224, 16, 1000, d, 12, 4 * d))
    rates = []
    for step in range(0, 1001, 50):
        rates.append(float(warmup_cosine(step, 1.0, 200, 1000)))
    x = np.random.normal(size=(1, 7, 12)).astype("float32")
    z = np.array(x)
    for i in range(12):
        z[0, 3, i] = np.random.normal()
    reach = []
    for layer in (LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False)):
        a, b = np.array(layer(x)), np.array(layer(z))
        count = 0
        for token in range(7):
            if np.abs(a[0, token] - b[0, token]).max() > 0:
                count += 1
        reach.append(count)
    total = 0
    for _ in range(6):
        total += 4 * 512 * 513 + 513 * 2048 + 2049 * 512 + 4 * 512
    return {"params": params, "rates": rates, "reach": reach, "answer_1": total, "answer_2": [1, 0, 1, 0, 1]}
