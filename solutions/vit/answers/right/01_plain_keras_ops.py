# %%
import numpy as np
import keras
from keras import ops
from vitlab import training


# %%
class LayerNorm(keras.layers.Layer):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        width = input_shape[-1]
        self.gamma = self.add_weight(shape=(width,), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(width,), initializer="zeros", name="beta")

    def call(self, x):
        mean = ops.mean(x, axis=-1, keepdims=True)
        centred = x - mean
        variance = ops.mean(centred * centred, axis=-1, keepdims=True)
        return centred / ops.sqrt(variance + self.epsilon) * self.gamma + self.beta


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim, activation=activation)
        self.fc2 = keras.layers.Dense(dim)
        self.drop = keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        return self.fc2(self.drop(self.fc1(x), training=training))


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
        asked = self.norm1(x) if self.norm_first else x
        found, weights = self.attn(
            asked, asked, attention_mask=mask, return_attention_scores=True, training=training
        )
        if self.norm_first:
            h = x + found
            y = h + self.mlp(self.norm2(h), training=training)
        else:
            h = self.norm1(x + found)
            y = self.norm2(h + self.mlp(h, training=training))
        return (y, weights) if return_weights else y


# %%
class VisionTransformer(keras.Model):
    def __init__(
        self,
        image_size=32,
        patch_size=4,
        num_classes=10,
        dim=64,
        depth=4,
        num_heads=4,
        mlp_dim=128,
        dropout=0.0,
        pool="cls",
        **kwargs,
    ):
        super().__init__(**kwargs)
        patches = (image_size // patch_size) ** 2
        self.dim, self.pool = dim, pool
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer=start, name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, 1 + patches, dim), initializer=start, name="pos_embed")
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = [
            EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout) for _ in range(depth)
        ]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        features, _ = self.forward_features(images, training=training)
        x = self.norm(features[-1])
        x = x[:, 0] if self.pool == "cls" else ops.mean(x[:, 1:], axis=1)
        return self.head(x)

    def forward_features(self, images, training=None):
        x = self.patch_embed(images)
        batch = ops.shape(x)[0]
        x = ops.reshape(x, (batch, -1, self.dim))
        x = ops.concatenate([ops.broadcast_to(self.cls_token, (batch, 1, self.dim)), x], axis=1)
        x = self.drop(x + self.pos_embed, training=training)
        features, attentions = [], []
        for block in self.blocks:
            x, weights = block(x, return_weights=True, training=training)
            features.append(x)
            attentions.append(weights)
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    patches = (image_size // patch_size) ** 2
    embed = channels * patch_size**2 * dim + dim
    tokens = extra_tokens * dim
    positions = (extra_tokens + patches) * dim
    attention = 4 * (dim * dim + dim)
    mlp = dim * mlp_dim + mlp_dim + mlp_dim * dim + dim
    norm = 2 * dim
    block = attention + mlp + 2 * norm
    head = dim * num_classes + num_classes
    return embed + tokens + positions + depth * block + norm + extra_tokens * head


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")
    up = base_lr * step / max(warmup_steps, 1)
    share = ops.clip((step - warmup_steps) / (total_steps - warmup_steps), 0.0, 1.0)
    down = base_lr * (1 + ops.cos(np.pi * share)) / 2
    return ops.where(step < warmup_steps, up, down)


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def figure():
    params = np.array([vit_param_count(224, 16, 1000, d, 12, 4 * d) for d in (192, 384, 768)])
    rates = warmup_cosine(np.arange(0, 1001, 50), 1.0, 200, 1000)
    before = np.random.RandomState(0).normal(size=(1, 7, 12)).astype("float32")
    after = before.copy()
    after[0, 3] = np.random.RandomState(1).normal(size=12)
    reach = []
    for layer in (LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False)):
        moved = np.abs(ops.convert_to_numpy(layer(after)) - ops.convert_to_numpy(layer(before)))[0].max(axis=-1)
        reach.append(np.count_nonzero(moved))
    block = 4 * (512 * 512 + 512) + (512 * 2048 + 2048 + 2048 * 512 + 512) + 2 * 2 * 512
    return {
        "params": params,
        "rates": rates,
        "reach": np.array(reach),
        "answer_1": 6 * block,
        "answer_2": np.array([1, 0, 1, 0, 1]),
    }
