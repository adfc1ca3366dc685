# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def shifted(z):
    """Logits whose largest is 0: nothing can overflow."""
    return z - ops.stop_gradient(ops.max(z, axis=-1, keepdims=True))


def soft_targets(logits, temperature):
    powers = ops.exp(shifted(ops.convert_to_tensor(logits) / temperature))
    return powers * ops.reciprocal(ops.sum(powers, axis=-1, keepdims=True))


# %%
def log_soft_targets(logits, temperature):
    z = shifted(ops.convert_to_tensor(logits) / temperature)
    return z - ops.log(ops.sum(ops.exp(z), axis=-1, keepdims=True))


def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    """One matrix of targets for both terms would do, but for the temperature: so two of them."""
    classes = student_logits.shape[-1]
    teacher_logits = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    y = ops.one_hot(ops.cast(labels, "int32"), classes)
    ce = -ops.sum(y * log_soft_targets(student_logits, 1.0), axis=1)
    p, log_p = soft_targets(teacher_logits, temperature), log_soft_targets(teacher_logits, temperature)
    kl = ops.sum(p * log_p, axis=1) - ops.sum(p * log_soft_targets(student_logits, temperature), axis=1)
    total = ops.sum((1 - alpha) * ce + alpha * temperature**2 * kl)
    return total / ops.cast(ops.shape(ce)[0], total.dtype)


# %%
class AsksTeacher:
    """A mixin: whoever has a teacher may ask it, and never changes it."""

    def engage(self, teacher):
        teacher.trainable = False
        self.teacher = teacher

    def ask(self, images):
        return self.teacher(images, training=False)


class Distiller(AsksTeacher, keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.engage(teacher)
        self.student = student
        self.options = {"temperature": temperature, "alpha": alpha}

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return distillation_loss(y_pred, self.ask(x), y, **self.options)


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
        kwargs.setdefault("extra_tokens", 2)
        super().__init__(
            dropout=dropout, mlp_dim=mlp_dim, num_heads=num_heads, depth=depth, dim=dim, num_classes=num_classes,
            patch_size=patch_size, image_size=image_size, **kwargs,
        )
        self.head_dist = keras.layers.Dense(units=num_classes)
        self.dist_token = self.add_weight(
            shape=(1, 1, dim), initializer=keras.initializers.RandomNormal(stddev=0.02), name="dist_token"
        )

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        shape = (ops.shape(patches)[0], 2, patches.shape[-1])
        extra = ops.broadcast_to(ops.concatenate([self.cls_token, self.dist_token], axis=1), shape)
        tokens = ops.concatenate([extra, patches], axis=1) + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        rows = self.norm(tokens[:, :2])  # a norm of each token alone: only two are needed
        logits = {"cls": self.head(rows[:, 0]), "dist": self.head_dist(rows[:, 1])}
        if training:
            return logits["cls"], logits["dist"]
        return ops.mean(ops.stack(list(logits.values()), axis=1), axis=1)


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    teacher_logits = ops.convert_to_tensor(teacher_logits)
    top = ops.max(teacher_logits, axis=-1, keepdims=True)
    decided = ops.stop_gradient(ops.cast(ops.equal(teacher_logits, top), "float32"))  # one 1 in each row
    told = ops.one_hot(ops.cast(labels, "int32"), cls_logits.shape[-1])
    both = told * log_soft_targets(cls_logits, 1.0) + decided * log_soft_targets(dist_logits, 1.0)
    return -0.5 * ops.mean(ops.sum(both, axis=-1))


# %%
def figure():
    t = np.logspace(0, 3, 4, base=2)
    teacher = np.array([14.0, 12.0, 6.0])
    # 1 / sum_j exp((z_j - z_k) / T)
    soft = 1 / np.exp((teacher[None, :, None] - teacher[None, None, :]) / t[:, None, None]).sum(axis=1)
    pull = (soft[:, 0] - np.full(4, 1 / 3)) / t
    base, d = np.array([5_717_416, 22_050_664, 86_567_656]), 192 * 2 ** np.arange(3)
    return {
        "answer_2": [1, 0, 1, 1, 0],
        "answer_1": -0.1 * np.log(0.1),
        "params": base + d * 1002 + 1000,
        "pull": pull * np.array([np.ones(4), t**2]),
        "soft": soft,
    }
