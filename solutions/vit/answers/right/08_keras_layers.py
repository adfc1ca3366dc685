# %%
import keras
import numpy as np
from keras import layers, ops
from vitlab import training


# %%
class LayerNorm(layers.Layer):
    """With unit vectors: a vector without its mean, as long as the root of D."""

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.minus = layers.Subtract()
        self.times = layers.Multiply()
        self.plus = layers.Add()

    def build(self, input_shape):
        self.gamma = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="beta")

    def call(self, x):
        mean = ops.mean(x, axis=-1, keepdims=True) * ops.ones_like(x)
        apart = self.minus([x, mean])
        square = ops.mean(self.times([apart, apart]), axis=-1, keepdims=True)
        normed = self.times([apart, ops.rsqrt(square + self.epsilon) * ops.ones_like(x)])
        return self.plus([self.times([normed, self.gamma * ops.ones_like(x)]), self.beta * ops.ones_like(x)])


# %%
class FeedForward(layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = layers.Dense(hidden_dim)
        self.fc2 = layers.Dense(dim)
        self.way = keras.Sequential(
            [self.fc1, layers.Activation(activation), layers.Dropout(dropout), self.fc2, layers.Dropout(dropout)]
        )

    def call(self, x, training=None):
        return self.way(x, training=training)


# %%
class EncoderBlock(layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.attn = layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads, dropout=dropout)
        self.norm1 = layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.norm2 = layers.LayerNormalization(axis=-1, epsilon=epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)
        self.plus1, self.plus2 = layers.Add(), layers.Add()
        same = layers.Identity()
        self.front = (self.norm1, self.norm2) if norm_first else (same, same)
        self.back = (same, same) if norm_first else (self.norm1, self.norm2)

    def call(self, x, mask=None, return_weights=False, training=None):
        asked = self.front[0](x)
        found, weights = self.attn(
            asked, asked, attention_mask=mask, return_attention_scores=True, training=training
        )
        h = self.back[0](self.plus1([x, found]))
        thought = self.mlp(self.front[1](h), training=training)
        y = self.back[1](self.plus2([h, thought]))
        return (y, weights) if return_weights else y


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        n = (image_size // patch_size) ** 2
        self.patch_embed = layers.Conv2D(dim, patch_size, strides=patch_size)
        self.rows = layers.Reshape((n, dim))
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="zeros", name="cls_token")
        self.pos_embed = self.add_weight(
            shape=(1, 1 + n, dim), initializer=keras.initializers.RandomNormal(stddev=0.02), name="pos_embed"
        )
        self.join = layers.Concatenate(axis=1)
        self.drop = layers.Dropout(dropout)
        self.blocks = [EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout) for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        if pool == "cls":
            self.pick = layers.Lambda(lambda x: x[:, 0])
        else:
            self.pick = keras.Sequential([layers.Cropping1D((1, 0)), layers.GlobalAveragePooling1D()])
        self.head = layers.Dense(num_classes)

    def call(self, images, training=None):
        return self.head(self.pick(self.norm(self.forward_features(images, training=training)[0][-1])))

    def forward_features(self, images, training=None):
        patches = self.rows(self.patch_embed(images))
        cls = ops.zeros_like(patches[:, :1]) + self.cls_token
        x = self.drop(self.join([cls, patches]) + self.pos_embed, training=training)
        features, attentions = [], []
        for block in self.blocks:
            x, weights = block(x, return_weights=True, training=training)
            features.append(x)
            attentions.append(weights)
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    """Lets Keras count the layers; only the tokens and positions are counted by hand."""

    def size(layer, *shapes):
        layer.build(*shapes)
        return layer.count_params()

    side = image_size // patch_size
    norm = size(layers.LayerNormalization(), (None, dim))
    block = size(layers.MultiHeadAttention(1, dim), (None, 1, dim), (None, 1, dim)) + 2 * norm
    block += size(layers.Dense(mlp_dim), (None, dim)) + size(layers.Dense(dim), (None, mlp_dim))
    total = size(layers.Conv2D(dim, patch_size, strides=patch_size), (None, image_size, image_size, channels))
    total += depth * block + norm + extra_tokens * size(layers.Dense(num_classes), (None, dim))
    return int(total + extra_tokens * dim + (side * side + extra_tokens) * dim)


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")
    decay = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=1.0, decay_steps=total_steps - warmup_steps, alpha=0.0
    )
    down = decay(ops.maximum(step - warmup_steps, 0.0))
    up = step / max(warmup_steps, 1)
    return base_lr * ops.where(step < warmup_steps, up, down)


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def figure():
    d, hidden = 512, 2048
    block = layers.MultiHeadAttention(8, d // 8)
    block.build((None, 1, d), (None, 1, d))
    numbers = block.count_params() + 2 * (d + d) + (d + 1) * hidden + (hidden + 1) * d
    x = keras.random.uniform((1, 7, 12), seed=4)
    row = keras.random.uniform((1, 1, 12), seed=5)
    new = layers.Concatenate(axis=1)([x[:, :3], row, x[:, 4:]])
    reach = [
        int(np.any(ops.convert_to_numpy(layer(new) - layer(x)), axis=-1).sum())
        for layer in (LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False))
    ]
    return {
        "params": [vit_param_count(224, 16, 1000, width, 12, 4 * width) for width in (192, 384, 768)],
        "rates": warmup_cosine(ops.arange(0, 1050, 50), 1.0, 200, 1000),
        "reach": reach,
        "answer_1": 6 * numbers,
        "answer_2": ops.convert_to_tensor([1, 0, 1, 0, 1]),
    }
