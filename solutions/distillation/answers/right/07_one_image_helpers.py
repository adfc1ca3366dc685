# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def soft_targets(logits, temperature):
    inverse = 1.0 / temperature
    return ops.softmax(ops.multiply(logits, inverse), axis=-1)


# %%
def pays(parts, temperature, alpha):
    """What the student pays for one image: logits (K,), logits (K,), label () -> ()."""
    z_s, z_t, label = parts
    log_p, log_q = ops.log_softmax(z_t / temperature), ops.log_softmax(z_s / temperature)
    kl = ops.sum(ops.exp(log_p) * (log_p - log_q))
    ce = -ops.take(ops.log_softmax(z_s), label)
    return (1 - alpha) * ce + alpha * temperature**2 * kl


def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    images = (
        ops.convert_to_tensor(student_logits),
        ops.stop_gradient(ops.convert_to_tensor(teacher_logits)),
        ops.cast(labels, "int32"),
    )
    return ops.mean(ops.vectorized_map(lambda parts: pays(parts, temperature, alpha), images))


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        teacher.trainable = False
        self.student = student
        object.__setattr__(self, "teacher", teacher)  # known by name, but no part of the model that is trained
        self.temperature, self.alpha = temperature, alpha

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return distillation_loss(y_pred, self.teacher(x, training=False), y, self.temperature, self.alpha)


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
            num_heads=num_heads, mlp_dim=mlp_dim, dropout=dropout, extra_tokens=2, **kwargs,
        )
        self.dist_token = self.add_weight(
            name="dist_token", shape=(1, 1, dim), initializer=keras.initializers.RandomNormal(stddev=0.02)
        )
        self.head_dist = keras.layers.Dense(num_classes)

    def encode(self, images, training):
        """Images -> normed tokens (B, N + 2, D)."""
        patches = self.patch_embed(images)
        ones = ops.ones_like(patches[:, :1, :1])  # (B, 1, 1)
        tokens = ops.concatenate([ones * self.cls_token, ones * self.dist_token, patches], axis=1)
        tokens = tokens + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        return self.norm(tokens)

    def both(self, images, training):
        """Images -> two logits, (B, K) each."""
        cls, dist, _ = ops.split(self.encode(images, training), [1, 2], axis=1)
        return self.head(ops.squeeze(cls, axis=1)), self.head_dist(ops.squeeze(dist, axis=1))

    def call(self, images, training=None):
        cls_logits, dist_logits = self.both(images, training)
        return (cls_logits, dist_logits) if training else (cls_logits + dist_logits) * 0.5


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    # With alpha = 0, the first loss is a cross-entropy with labels
    def entropy(logits, targets):
        return distillation_loss(logits, logits, targets, 1.0, 0.0)

    return (entropy(cls_logits, labels) + entropy(dist_logits, ops.argmax(teacher_logits, axis=-1))) / 2


# %%
def figure():
    temperatures = (1, 2, 4, 8)
    rows = {t: ops.convert_to_numpy(soft_targets(np.array([[14, 12, 6], [0, 0, 0]], "float32"), t)) for t in temperatures}
    pull = np.array([(rows[t][0, 0] - rows[t][1, 0]) / t for t in temperatures])
    with_token = lambda d, before: before + d + d + d * 1000 + 1000
    return {
        "soft": np.array([rows[t][0] for t in temperatures]),
        "pull": np.array([pull, pull * np.square(temperatures)]),
        "params": np.array([with_token(192, 5717416), with_token(384, 22050664), with_token(768, 86567656)]),
        "answer_1": 0.1 * np.log(10.0),
        "answer_2": [1, 0, 1, 1, 0],
    }
