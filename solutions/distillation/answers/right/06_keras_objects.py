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
SOFTMAX = keras.layers.Softmax(axis=-1)


def soft_targets(logits, temperature):
    return SOFTMAX(ops.convert_to_tensor(logits) / temperature)


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    """Keras's own loss objects do it all: both are a mean over the batch."""
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    soft = keras.losses.KLDivergence()
    p = ops.stop_gradient(soft_targets(teacher_logits, temperature))
    q = soft_targets(student_logits, temperature)
    return (1 - alpha) * hard(labels, student_logits) + alpha * temperature**2 * soft(p, q)


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.teacher.trainable = False
        self.temperature = temperature
        self.alpha = alpha

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        if y_pred is None:
            y_pred = self(x, training=training)
        return distillation_loss(
            alpha=self.alpha,
            labels=y,
            student_logits=y_pred,
            teacher_logits=self.teacher(x, training=False),
            temperature=self.temperature,
        )


# %%
def train_distilled(data, teacher, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset="few_digits")
    student = VisionTransformer(**budget.model)
    history = training.fit(Distiller(student, teacher, 2.0, 1.0), data, budget, seed=seed)
    return student, history


# %%
class DistilledViT(VisionTransformer):
    def __init__(
        self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128, dropout=0.0,
        **kwargs,
    ):
        super().__init__(
            image_size=image_size, patch_size=patch_size, num_classes=num_classes, dim=dim, depth=depth,
            num_heads=num_heads, mlp_dim=mlp_dim, dropout=dropout, extra_tokens=2, **kwargs,
        )
        self.dist_token = self.add_weight(shape=(1, 1, dim), initializer="zeros", name="dist_token")
        self.head_dist = keras.layers.Dense(num_classes)
        self.join, self.average = keras.layers.Concatenate(axis=1), keras.layers.Average()

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        shape = (ops.shape(patches)[0], 1, patches.shape[-1])
        cls, dist = (ops.broadcast_to(token, shape) for token in (self.cls_token, self.dist_token))
        tokens = self.join([cls, dist, patches]) + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        tokens = self.norm(tokens)
        pair = [self.head(tokens[:, 0]), self.head_dist(tokens[:, 1])]
        return tuple(pair) if training else self.average(pair)


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    return 0.5 * entropy(labels, cls_logits) + 0.5 * entropy(ops.argmax(teacher_logits, axis=-1), dist_logits)


# %%
def figure():
    z = np.array([14.0, 12.0, 6.0], "float32")
    t = np.array([[1.0], [2.0], [4.0], [8.0]], "float32")
    soft = ops.convert_to_numpy(soft_targets(z / t, 1.0))
    pull = (soft[:, 0] - 1 / 3) / t[:, 0]
    d = np.array([192, 384, 768])
    return {
        "soft": soft,
        "pull": np.vstack([pull, pull * t[:, 0] ** 2]),
        "params": np.array([5_717_416, 22_050_664, 86_567_656]) + 2 * d + (d + 1) * 1000,
        "answer_1": 0.2303,
        "answer_2": [1, 0, 1, 1, 0],
    }
