# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%  given in the notebook
class Block(keras.layers.Layer):
    """The encoder block of lesson 4 in the order of the ViT, of Keras's own layers: (B, T, D) -> (B, T, D)."""

    def __init__(self, dim, num_heads, mlp_dim, dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.norm1, self.norm2 = (keras.layers.LayerNormalization(epsilon=1e-6) for _ in range(2))
        self.attn = keras.layers.MultiHeadAttention(num_heads, key_dim=dim // num_heads, dropout=dropout)
        hidden, drop = keras.layers.Dense(mlp_dim, activation="gelu"), keras.layers.Dropout(dropout)
        self.mlp = keras.Sequential([hidden, drop, keras.layers.Dense(dim)])

    def call(self, x, training=None):
        normed = self.norm1(x)
        x = x + self.attn(normed, normed, training=training)
        return x + self.mlp(self.norm2(x), training=training)


# %%  given in the notebook
class VisionTransformer(keras.Model):
    """The ViT of lesson 4: images (B, H, W, 3) in [0, 1] -> logits (B, K)."""

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
        extra_tokens=1,
        **kwargs,
    ):
        super().__init__(**kwargs)
        patches, start = (image_size // patch_size) ** 2, keras.initializers.RandomNormal(stddev=0.02)
        convolution = keras.layers.Conv2D(dim, patch_size, strides=patch_size)
        self.patch_embed = keras.Sequential([convolution, keras.layers.Reshape((patches, dim))])
        self.cls_token = self.add_weight(shape=(1, 1, dim), initializer=start, name="cls_token")
        self.pos_embed = self.add_weight(shape=(1, patches + extra_tokens, dim), initializer=start, name="pos_embed")
        self.blocks = [Block(dim, num_heads, mlp_dim, dropout) for _ in range(depth)]
        self.norm = keras.layers.LayerNormalization(epsilon=1e-6)
        self.head = keras.layers.Dense(num_classes)
        self.pool = pool

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        cls = ops.broadcast_to(self.cls_token, (ops.shape(patches)[0], 1, patches.shape[-1]))
        tokens = ops.concatenate([cls, patches], axis=1) + self.pos_embed
        for layer in self.blocks:
            tokens = layer(tokens, training=training)
        tokens = self.norm(tokens)
        return self.head(tokens[:, 0] if self.pool == "cls" else ops.mean(tokens[:, 1:], axis=1))


# %%
def given_as_tensors(*names, stop=()):
    """A decorator: the named arguments become tensors, and those in stop let no gradient through."""

    def decorate(function):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            for name in (*names, *stop):
                value = ops.convert_to_tensor(bound.arguments[name])
                bound.arguments[name] = ops.stop_gradient(value) if name in stop else value
            return function(*bound.args, **bound.kwargs)

        return wrapped

    return decorate


@given_as_tensors("logits")
def soft_targets(logits, temperature):
    return ops.softmax(logits / temperature, axis=-1)


# %%
@given_as_tensors("student_logits", "labels", stop=("teacher_logits",))
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    log_p, log_q = (ops.log_softmax(z / temperature, axis=-1) for z in (teacher_logits, student_logits))
    kl = ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)
    ce = keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    weights = {"hard": 1 - alpha, "soft": alpha * temperature**2}
    terms = {"hard": ce, "soft": kl}
    return ops.mean(sum(weights[name] * terms[name] for name in terms))


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.temperature = temperature
        self.alpha = alpha

    # Only the student is offered to the optimizer.
    @property
    def trainable_variables(self):
        return self.student.trainable_variables

    @property
    def trainable_weights(self):
        return self.student.trainable_weights

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        advice = ops.stop_gradient(self.teacher(x, training=False))
        return distillation_loss(y_pred, advice, y, self.temperature, self.alpha)


# %%
def train_distilled(data, teacher, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset="few_digits")
    student = VisionTransformer(**budget.model)
    history = training.fit(Distiller(student, teacher, 4.0, 1.0), data, budget, seed=seed)
    return student, history


# %%
class DistilledViT(VisionTransformer):
    def __init__(
        self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128, dropout=0.0,
        **kwargs,
    ):
        super().__init__(
            image_size=image_size, patch_size=patch_size, num_classes=num_classes, dim=dim, depth=depth,
            num_heads=num_heads, mlp_dim=mlp_dim, dropout=dropout, pool="none", extra_tokens=2, **kwargs,
        )
        self.dist_token = self.add_weight(
            shape=tuple(self.cls_token.shape), initializer=keras.initializers.RandomNormal(stddev=0.02), name="dist_token"
        )
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        batch = ops.shape(patches)[0]
        extra = [ops.repeat(token, batch, axis=0) for token in (self.cls_token, self.dist_token)]
        tokens = ops.concatenate([*extra, patches], axis=1) + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        cls, dist = ops.unstack(self.norm(tokens)[:, :2], axis=1)
        answers = self.head(cls), self.head_dist(dist)
        return answers if training else ops.average(ops.stack(answers, axis=-1), axis=-1)


# %%
@given_as_tensors("cls_logits", "dist_logits", "labels", stop=("teacher_logits",))
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    likeliest = ops.argsort(teacher_logits, axis=-1)[:, -1]
    each = functools.partial(keras.losses.sparse_categorical_crossentropy, from_logits=True)
    return ops.mean(each(labels, cls_logits) + each(likeliest, dist_logits)) / 2


# %%
def figure():
    t = np.array([1, 2, 4, 8])
    p, q = (
        np.stack([ops.convert_to_numpy(soft_targets(np.array(z, "float32"), int(one))) for one in t])
        for z in ([14, 12, 6], [0, 0, 0])
    )
    pull = ((p - q) / t[:, None])[:, 0]
    d, k = np.array([192, 384, 768]), 1000
    return {
        "soft": p,
        "pull": np.stack([pull, pull * t**2]),
        "params": np.array([5_717_416, 22_050_664, 86_567_656]) + 2 * d + d * k + k,
        "answer_1": round(0.1 * float(np.log(10)), 4),
        "answer_2": [1, 0, 1, 1, 0],
    }
