# %%
import keras
import numpy as np
from keras import layers, ops
from vitlab import training


# %%
class LayerNorm(layers.Layer):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = float(epsilon)

    def build(self, input_shape):
        d = input_shape[-1]
        self.gamma = self.add_weight(shape=[d], initializer=keras.initializers.Ones(), name="gamma")
        self.beta = self.add_weight(shape=[d], initializer=keras.initializers.Zeros(), name="beta")
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape

    def get_config(self):
        return {**super().get_config(), "epsilon": self.epsilon}

    def call(self, x):
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        scale = self.gamma * ops.rsqrt(variance + self.epsilon)
        return x * scale + (self.beta - mean * scale)


# %%
class FeedForward(layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.dim, self.hidden_dim, self.activation, self.dropout = dim, hidden_dim, activation, dropout

    def build(self, input_shape):
        self.fc1 = layers.Dense(self.hidden_dim, activation=self.activation, name="fc1")
        self.fc2 = layers.Dense(self.dim, name="fc2")
        self.drop = layers.Dropout(self.dropout)
        self.fc1.build(input_shape)
        self.fc2.build(tuple(input_shape[:-1]) + (self.hidden_dim,))
        self.built = True

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.dim)

    def call(self, x, training=None):
        return self.drop(self.fc2(self.fc1(x)), training=training)


# %%
class EncoderBlock(layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.settings = (dim, num_heads, mlp_dim, norm_first, activation, dropout, epsilon)

    def build(self, input_shape):
        dim, num_heads, mlp_dim, _, activation, dropout, epsilon = self.settings
        self.attn = layers.MultiHeadAttention(num_heads, dim // num_heads, dropout=dropout)
        self.norm1 = layers.LayerNormalization(epsilon=epsilon)
        self.norm2 = layers.LayerNormalization(epsilon=epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)
        self.attn.build(input_shape, input_shape)
        for part in (self.norm1, self.norm2, self.mlp):
            part.build(input_shape)
        self.built = True

    def call(self, x, mask=None, return_weights=False, training=None):
        norm_first = self.settings[3]
        n = self.norm1(x) if norm_first else x
        # the weights are asked for only if somebody wants them
        a = self.attn(n, n, attention_mask=mask, return_attention_scores=return_weights, training=training)
        weights = None
        if return_weights:
            a, weights = a
        h = x + a
        if norm_first:
            y = h + self.mlp(self.norm2(h), training=training)
        else:
            h = self.norm1(h)
            y = self.norm2(h + self.mlp(h, training=training))
        return (y, weights) if return_weights else y


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        self.image_size, self.patch_size, self.num_classes, self.dim = image_size, patch_size, num_classes, dim
        self.depth, self.num_heads, self.mlp_dim, self.dropout, self.pool = depth, num_heads, mlp_dim, dropout, pool

    def build(self, input_shape):
        n = (self.image_size // self.patch_size) ** 2
        self.patch_embed = layers.Conv2D(self.dim, self.patch_size, strides=self.patch_size)
        self.cls_token = self.add_weight(shape=(1, 1, self.dim), initializer="zeros", name="cls_token")
        self.pos_embed = self.add_weight(
            shape=(1, 1 + n, self.dim), initializer=keras.initializers.TruncatedNormal(stddev=0.02), name="pos_embed"
        )
        self.drop = layers.Dropout(self.dropout)
        self.blocks = [
            EncoderBlock(self.dim, self.num_heads, self.mlp_dim, norm_first=True, dropout=self.dropout)
            for _ in range(self.depth)
        ]
        self.norm = LayerNorm(1e-6)
        self.head = layers.Dense(self.num_classes)
        self.patch_embed.build((None, self.image_size, self.image_size, 3))
        for part in (*self.blocks, self.norm):
            part.build((None, 1 + n, self.dim))
        self.head.build((None, self.dim))
        self.built = True

    def call(self, images, training=None):
        features, _ = self.forward_features(images, training=training)
        x = self.norm(features[-1])
        if self.pool == "mean":
            return self.head(ops.mean(x[:, 1:], axis=1))
        return self.head(x[:, 0])

    def forward_features(self, images, training=None):
        x = ops.reshape(self.patch_embed(images), (ops.shape(images)[0], -1, self.dim))
        cls = ops.tile(self.cls_token, (ops.shape(images)[0], 1, 1))
        x = ops.concatenate([cls, x], axis=1) + self.pos_embed
        x = self.drop(x, training=training)
        features, attentions = [], []
        for block in self.blocks:
            x, weights = block(x, return_weights=True, training=training)
            features.append(x)
            attentions.append(weights)
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    lines = {
        "patch kernel": patch_size**2 * channels * dim,
        "patch bias": dim,
        "extra tokens": extra_tokens * dim,
        "positions": ((image_size // patch_size) ** 2 + extra_tokens) * dim,
        "norm1 and norm2": depth * 4 * dim,
        "query, key, value, output": depth * 4 * dim * dim,
        "their biases": depth * 4 * dim,
        "mlp kernels": depth * 2 * dim * mlp_dim,
        "mlp biases": depth * (mlp_dim + dim),
        "last norm": 2 * dim,
        "heads": extra_tokens * (dim + 1) * num_classes,
    }
    return sum(lines.values())


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    plain = isinstance(step, (int, float))
    s = ops.cast(step, "float32")
    along = (s - float(warmup_steps)) / float(total_steps - warmup_steps)
    rate = base_lr * (1.0 + ops.cos(np.pi * ops.clip(along, 0.0, 1.0))) / 2.0
    if warmup_steps > 0:
        rate = ops.where(s < warmup_steps, base_lr * s / warmup_steps, rate)
    return float(rate) if plain else rate


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def figure():
    sizes = {"image_size": 224, "patch_size": 16, "num_classes": 1000, "depth": 12}
    params = [vit_param_count(dim=d, mlp_dim=4 * d, **sizes) for d in (192, 384, 768)]
    rates = [warmup_cosine(step, 1.0, 200, 1000) for step in range(0, 1001, 50)]
    one, two = keras.random.normal((1, 7, 12), seed=0), keras.random.normal((1, 7, 12), seed=1)
    changed = ops.concatenate([one[:, :3], two[:, 3:4], one[:, 4:]], axis=1)
    reach = []
    for layer in [LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False)]:
        same = ops.all(ops.equal(layer(one), layer(changed)), axis=-1)
        reach.append(7 - int(ops.convert_to_numpy(same).sum()))
    return {"params": np.array(params), "rates": np.array(rates), "reach": np.array(reach),
            "answer_1": 18_914_304, "answer_2": [1, 0, 1, 0, 1]}
