# %%
import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
class LayerNorm(keras.layers.Layer):
    """Centre with the matrix I - 1/D; the variance is the mean of squares less the square of the mean, of that."""

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        d = int(input_shape[-1])
        self.centring = (np.eye(d) - np.full((d, d), 1 / d)).astype("float32")
        self.gamma = self.add_weight(shape=(d,), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(d,), initializer="zeros", name="beta")

    def call(self, x):
        c = ops.matmul(x, self.centring)
        variance = ops.mean(ops.square(c), axis=-1) - ops.square(ops.mean(c, axis=-1))
        return c / ops.expand_dims(ops.sqrt(variance + self.epsilon), -1) * self.gamma + self.beta


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(units=hidden_dim, activation=activation, kernel_initializer="he_normal")
        self.fc2 = keras.layers.Dense(units=dim, kernel_initializer="he_normal")
        self.drop = keras.layers.Dropout(rate=dropout, seed=11)

    def call(self, x, training=None):
        x = self.fc1(x)
        x = self.drop(x, training=bool(training))
        return self.fc2(x)


# %%
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm1 = LayerNorm(epsilon)
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads, value_dim=dim // num_heads)
        self.norm2 = LayerNorm(epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)
        self.run = self.pre_norm if norm_first else self.post_norm

    def pre_norm(self, x, mask, training):
        n = self.norm1(x)
        a, w = self.attn(n, n, n, attention_mask=mask, return_attention_scores=True, training=training)
        x = x + a
        x = x + self.mlp(self.norm2(x), training=training)
        return x, w

    def post_norm(self, x, mask, training):
        a, w = self.attn(x, x, x, attention_mask=mask, return_attention_scores=True, training=training)
        x = self.norm1(x + a)
        x = self.norm2(x + self.mlp(x, training=training))
        return x, w

    def call(self, x, mask=None, return_weights=False, training=None):
        y, w = self.run(x, mask, training)
        if return_weights is False:
            return y
        return y, w


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        n = (image_size // patch_size) ** 2
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        table = np.random.normal(scale=0.02, size=(1, 1 + n, dim)).astype("float32")
        self.pos_embed = self.add_weight(
            shape=table.shape, initializer=lambda shape, dtype=None: ops.convert_to_tensor(table), name="pos_embed"
        )
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="zeros", name="cls_token")
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = [EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout) for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)
        self.rows = slice(0, 1) if pool == "cls" else slice(1, None)

    def _tokens(self, images, training):
        x = self.patch_embed(images)
        x = ops.reshape(x, (-1, x.shape[1] * x.shape[2], x.shape[3]))
        # one empty row in front, then CLS is added to it, together with the table
        x = ops.pad(x, [[0, 0], [1, 0], [0, 0]])
        is_cls = np.eye(1, x.shape[1], dtype="float32").reshape(1, -1, 1)
        return self.drop(x + ops.multiply(is_cls, self.cls_token) + self.pos_embed, training=training)

    def call(self, images, training=None):
        x = self._tokens(images, training)
        for block in self.blocks:
            x = block(x, training=training)
        return self.head(ops.mean(self.norm(x)[:, self.rows], axis=1))

    def forward_features(self, images, training=None):
        x = self._tokens(images, training)
        features, attentions = [], []
        for block in self.blocks:
            x, w = block(x, mask=None, return_weights=True, training=training)
            features.append(x)
            attentions.append(w)
        return features, attentions


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    rows = np.array([patch_size**2 * channels] + [dim] * 4 * depth + [dim, mlp_dim] * depth + [dim] * extra_tokens)
    cols = np.array([dim] + [dim] * 4 * depth + [mlp_dim, dim] * depth + [num_classes] * extra_tokens)
    dense = np.sum((rows + 1) * cols)
    norms = 2 * dim * (2 * depth + 1)
    tokens = dim * (extra_tokens + extra_tokens + (image_size // patch_size) ** 2)
    return int(dense + norms + tokens)


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")
    # the way down everywhere, then its end and its beginning are replaced
    down = 0.5 * base_lr * (1 + ops.cos(np.pi * (step - warmup_steps) / (total_steps - warmup_steps)))
    result = ops.where(step >= total_steps, 0.0, down)
    if warmup_steps != 0:
        result = ops.where(step >= warmup_steps, result, step * (base_lr / warmup_steps))
    return result


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def figure():
    generator = np.random.default_rng(0)
    old = generator.standard_normal((1, 7, 12)).astype(np.float32)
    new = old.copy()
    new[0, 3] *= generator.standard_normal(12)
    reach = np.zeros(3, dtype=int)
    for i, layer in enumerate((LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False))):
        difference = np.abs(np.asarray(layer(new)) - np.asarray(layer(old)))
        reach[i] = np.sum(difference[0].max(axis=1) > 1e-6)
    steps = np.linspace(0, 1000, 21)
    widths = np.array([192, 384, 768])
    return {
        "params": np.array([vit_param_count(224, 16, 1000, int(w), 12, int(4 * w)) for w in widths]),
        "rates": np.array([float(warmup_cosine(s, 1.0, 200, 1000)) for s in steps]),
        "reach": reach,
        "answer_1": np.int64(6 * (12 * 512**2 + 4 * 512 + 2048 + 512 + 2 * 2 * 512)),
        "answer_2": np.array([True, False, True, False, True]).astype(int),
    }
