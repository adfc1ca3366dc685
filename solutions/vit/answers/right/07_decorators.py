# %%
import functools

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def elementwise_in_float32(function):
    """The first argument becomes a float32 tensor."""

    @functools.wraps(function)
    def wrapped(step, *args, **kwargs):
        return function(ops.cast(step, "float32"), *args, **kwargs)

    return wrapped


def centred(call):
    @functools.wraps(call)
    def wrapped(self, x):
        return call(self, x - ops.mean(x, axis=-1, keepdims=True))

    return wrapped


def gain_and_shift(call):
    @functools.wraps(call)
    def wrapped(self, x):
        return self.gamma * call(self, x) + self.beta

    return wrapped


# %%
@keras.saving.register_keras_serializable(package="student")
class LayerNorm(keras.layers.Layer):
    def __init__(self, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon

    def build(self, input_shape):
        for name, start in (("gamma", "ones"), ("beta", "zeros")):
            setattr(self, name, self.add_weight(name=name, shape=(input_shape[-1],), initializer=start))

    @gain_and_shift
    @centred
    def call(self, x):
        return x / ops.sqrt(ops.var(x, axis=-1, keepdims=True) + self.epsilon)


# %%
@keras.saving.register_keras_serializable(package="student")
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim)
        self.fc2 = keras.layers.Dense(dim)
        self.act = keras.activations.get(activation)
        self.drop = keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        steps = [functools.partial(self.drop, training=training), self.fc1, self.act, self.fc2]
        return functools.reduce(lambda value, step: step(value), steps, x)


# %%
def with_residual(place):
    """A box with its residual: the norm called norm<place> stands in front of it or behind the plus."""

    def decorate(box):
        @functools.wraps(box)
        def wrapped(self, x, **kwargs):
            norm = getattr(self, f"norm{place}")
            result, extra = box(self, norm(x) if self.norm_first else x, **kwargs)
            plus = x + result
            return (plus if self.norm_first else norm(plus)), extra

        return wrapped

    return decorate


@keras.saving.register_keras_serializable(package="student")
class EncoderBlock(keras.layers.Layer):
    def __init__(self, dim, num_heads, mlp_dim, norm_first, activation="gelu", dropout=0.0, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        self.norm_first = norm_first
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads)
        self.norm1 = LayerNorm(epsilon=epsilon)
        self.norm2 = LayerNorm(epsilon=epsilon)
        self.mlp = FeedForward(dim, mlp_dim, activation=activation, dropout=dropout)

    @with_residual(1)
    def attend(self, x, mask, training):
        return self.attn(x, x, attention_mask=mask, return_attention_scores=True, training=training)

    @with_residual(2)
    def think(self, x, training):
        return self.mlp(x, training=training), None

    def call(self, x, mask=None, return_weights=False, training=None):
        h, weights = self.attend(x, mask=mask, training=training)
        y, _ = self.think(h, training=training)
        return (y, weights) if return_weights else y


# %%
@keras.saving.register_keras_serializable(package="student")
class VisionTransformer(keras.Model):
    def __init__(self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128,
                 dropout=0.0, pool="cls", **kwargs):
        super().__init__(**kwargs)
        n = (image_size // patch_size) ** 2
        self.shape_of_tokens = (-1, n, dim)
        self.pool = pool
        self.patch_embed = keras.layers.Conv2D(
            filters=dim, kernel_size=(patch_size, patch_size), strides=(patch_size, patch_size), padding="valid"
        )
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer="random_normal", name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, 1 + n, dim), initializer="random_normal", name="pos_embed")
        self.drop = keras.layers.Dropout(dropout)
        self.blocks = list(
            map(lambda _: EncoderBlock(dim, num_heads, mlp_dim, norm_first=True, dropout=dropout), range(depth))
        )
        self.norm = LayerNorm(1e-6)
        self.head = keras.layers.Dense(num_classes)

    @property
    def pooled(self):
        return {"cls": lambda t: t[:, 0], "mean": lambda t: ops.mean(t[:, 1:], axis=1)}[self.pool]

    def call(self, images, training=None):
        (*_, last), _ = self.forward_features(images, training=training)
        return self.head(self.pooled(self.norm(last)))

    def forward_features(self, images, training=None):
        patches = ops.reshape(self.patch_embed(images), self.shape_of_tokens)
        # the position of CLS is added before the tokens are joined, and so are those of the patches
        cls = self.cls_token + self.pos_embed[:, :1]
        patches = patches + self.pos_embed[:, 1:]
        cls = ops.broadcast_to(cls, ops.shape(patches[:, :1]))
        start = self.drop(ops.concatenate([cls, patches], axis=1), training=training)

        def step(so_far, block):
            return [*so_far, block(so_far[-1][0], return_weights=True, training=training)]

        pairs = functools.reduce(step, self.blocks, [(start, None)])[1:]
        return [x for x, _ in pairs], [weights for _, weights in pairs]


# %%
@functools.lru_cache
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    block = (dim + 1) * 4 * dim + (dim + 1) * mlp_dim + (mlp_dim + 1) * dim + 2 * 2 * dim
    tokens = (image_size // patch_size) ** 2 + 2 * extra_tokens
    patches = patch_size * patch_size * channels + 1
    return (patches + tokens + 2) * dim + depth * block + extra_tokens * num_classes * (dim + 1)


# %%
@elementwise_in_float32
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    u = ops.minimum(step / warmup_steps, 1.0) if warmup_steps else ops.ones_like(step)
    v = (ops.clip(step, warmup_steps, total_steps) - warmup_steps) / (total_steps - warmup_steps)
    return u * base_lr * (1.0 + ops.cos(v * np.pi)) / 2.0


# %%
def train_vit(data, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset=data)
    model = VisionTransformer(**budget.model)
    return model, training.fit(model, data, budget, seed=seed)


# %%
def figure():
    count = functools.partial(vit_param_count, 224, 16, 1000, depth=12)
    rate = functools.partial(warmup_cosine, base_lr=1.0, warmup_steps=200, total_steps=1000)
    noise = np.random.RandomState(7)
    x = noise.normal(size=(1, 7, 12)).astype("float32")
    y = x.copy()
    y[:, 3] = noise.normal(size=(1, 12))
    changed = lambda layer: np.any(np.array(layer(x)) != np.array(layer(y)), axis=(0, 2)).sum()
    return {
        "params": np.array([count(dim=d, mlp_dim=4 * d) for d in (192, 384, 768)]),
        "rates": rate(np.arange(21) * 50),
        "reach": np.array([*map(changed, (LayerNorm(), FeedForward(12, 24), EncoderBlock(12, 3, 24, False)))]),
        "answer_1": 6 * (1050624 + 2099712 + 2 * 2 * 512),
        "answer_2": (1, 0, 1, 0, 1),
    }
