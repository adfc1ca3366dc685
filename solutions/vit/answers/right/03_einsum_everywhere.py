# %%
import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
class LayerNorm(keras.layers.Layer):
    """The mean by a product with a vector of 1/D, the variance by an inner product."""

    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.eps = epsilon

    def build(self, input_shape):
        self.width = int(input_shape[-1])
        self.gamma = self.add_weight(shape=(self.width,), initializer="ones", name="gamma")
        self.beta = self.add_weight(shape=(self.width,), initializer="zeros", name="beta")

    def call(self, x):
        share = ops.ones((self.width,), dtype=x.dtype) / self.width
        centred = x - ops.einsum("...d,d->...", x, share)[..., None]
        variance = ops.einsum("...d,...d,d->...", centred, centred, share)
        factor = (variance + self.eps) ** -0.5
        return ops.einsum("...d,...,d->...d", centred, factor, self.gamma) + self.beta


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim)
        self.fc2 = keras.layers.Dense(dim)
        self.act = keras.layers.Activation(activation)
        self.drop = keras.layers.Dropout(dropout)

    def build(self, input_shape):
        self.fc1.build(input_shape)
        self.fc2.build((*input_shape[:-1], self.fc1.units))

    def call(self, x, training=None):
        wide = self.act(ops.einsum("...d,dm->...m", x, self.fc1.kernel) + self.fc1.bias)
        wide = self.drop(wide, training=training)
        return ops.einsum("...m,md->...d", wide, self.fc2.kernel) + self.fc2.bias


# %%
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.first = 1.0 if norm_first else 0.0
        self.attn = keras.layers.MultiHeadAttention(num_heads, dim // num_heads)
        self.norm1, self.norm2 = LayerNorm(epsilon), LayerNorm(epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation, dropout)

    def call(self, x, mask=None, return_weights=False, training=None):
        before1, after1 = (self.norm1, lambda t: t) if self.first else (lambda t: t, self.norm1)
        before2, after2 = (self.norm2, lambda t: t) if self.first else (lambda t: t, self.norm2)
        tokens = before1(x)
        mixed, weights = self.attn(tokens, tokens, None, training=training, attention_mask=mask,
                                   return_attention_scores=True)
        h = after1(x + mixed)
        y = after2(h + self.mlp(before2(h), training=training))
        return (y, weights) if return_weights else y


# %%
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        self.side, self.patch, self.pool = image_size // patch_size, patch_size, pool
        self.patch_embed = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.patch_embed.build((None, image_size, image_size, 3))
        n = self.side**2
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="glorot_uniform", name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, 1 + n, dim), initializer="glorot_uniform", name="pos_embed")
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = [EncoderBlock(dim, num_heads, mlp_dim, True, dropout=dropout) for _ in range(depth)]
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)
        self.row_weights = np.eye(1, 1 + n, dtype="float32")[0] if pool == "cls" else \
            np.array([0.0] + [1.0 / n] * n, dtype="float32")

    def tokens(self, images):
        cut = ops.reshape(images, (-1, self.side, self.patch, self.side, self.patch, 3))
        patches = ops.einsum("byixjc,ijcd->byxd", cut, self.patch_embed.kernel) + self.patch_embed.bias
        patches = ops.reshape(patches, (-1, self.side**2, patches.shape[-1]))
        cls = ops.einsum("b,ktd->btd", ops.ones_like(patches[:, 0, 0]), self.cls_token)
        return ops.concatenate([cls, patches], axis=1) + self.pos_embed

    def call(self, images, training=None):
        features, _ = self.forward_features(images, training)
        pooled = ops.einsum("btd,t->bd", self.norm(features[-1]), self.row_weights)
        return self.head(pooled)

    def forward_features(self, images, training=None):
        x = self.drop(self.tokens(images), training=training)
        pairs = []
        for block in self.blocks:
            pairs.append(block(x, return_weights=True, training=training))
            x = pairs[-1][0]
        return [p[0] for p in pairs], [p[1] for p in pairs]


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    patches = image_size * image_size // patch_size // patch_size
    # coefficients of dim**2, dim * (...), and of the rest
    square = 4 * depth
    linear = (channels * patch_size**2 + 1) + extra_tokens + (patches + extra_tokens)
    linear += depth * (4 + 2 * mlp_dim + 1 + 4) + 2 + extra_tokens * num_classes
    constant = depth * mlp_dim + extra_tokens * num_classes
    return square * dim**2 + linear * dim + constant


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.convert_to_tensor(step, dtype="float32")
    rising = ops.cast(step < warmup_steps, "float32")
    gone = ops.cast(step > total_steps, "float32")
    falling = 1.0 - rising - gone
    line = step / (warmup_steps + (warmup_steps == 0))
    wave = 0.5 + 0.5 * ops.cos(np.pi * (step - warmup_steps) / (total_steps - warmup_steps))
    return base_lr * (rising * line + falling * wave)


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    history = training.fit(model, data, budget, seed=seed)
    return model, history


# %%
def figure():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(1, 7, 12)).astype("float32")
    x2 = np.where(np.arange(7)[None, :, None] == 3, rng.normal(size=(1, 1, 12)), x).astype("float32")
    layers = LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, norm_first=False)
    differ = [ops.convert_to_numpy(layer(x) != layer(x2)).any(axis=-1).sum() for layer in layers]
    d, m = 512, 2048
    return dict(
        params=[vit_param_count(224, 16, 1000, d_, 12, 4 * d_) for d_ in (192, 384, 768)],
        rates=warmup_cosine(ops.arange(0, 1001, 50), 1.0, 200, 1000),
        reach=differ,
        answer_1=6 * (4 * d * d + 4 * d + 2 * d * m + m + d + 4 * d),
        answer_2=[1, 0, 1, 0, 1],
    )
