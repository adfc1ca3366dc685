# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def soft_targets(logits, temperature):
    z = ops.convert_to_tensor(logits) / temperature
    powers = ops.exp(z - ops.max(z, axis=-1, keepdims=True))
    return powers / ops.sum(powers, axis=-1, keepdims=True)


# %%
def log_soft(z):
    """(..., K) -> (..., K), logarithms of a softmax."""
    return z - ops.logsumexp(z, axis=-1, keepdims=True)


def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    z_s = ops.convert_to_tensor(student_logits)
    z_t = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    where = ops.expand_dims(ops.cast(labels, "int32"), axis=-1)
    ce = ops.logsumexp(z_s, axis=-1) - ops.squeeze(ops.take_along_axis(z_s, where, axis=-1), axis=-1)
    log_p, log_q = log_soft(z_t / temperature), log_soft(z_s / temperature)
    kl = ops.einsum("bk,bk->b", ops.exp(log_p), log_p - log_q)
    return ops.mean((1 - alpha) * ce + (alpha * temperature * temperature) * kl)


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.settings = (temperature, alpha)
        for layer in teacher._flatten_layers():
            layer.trainable = False

    def call(self, images, training=None):
        return self.student(images, training=training)

    def advice(self, images):
        """What the teacher says, as after training."""
        return ops.stop_gradient(self.teacher(images, training=False))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return distillation_loss(y_pred, self.advice(x), y, *self.settings)


# %%
def train_distilled(data, teacher, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset="few_digits")
    student = VisionTransformer(**budget.model)
    history = training.fit(Distiller(student, teacher, 3.0, 1.0), data, budget, seed=seed)
    return student, history


# %%
class DistilledViT(VisionTransformer):
    def __init__(
        self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128, dropout=0.0,
        **kwargs,
    ):
        super().__init__(
            image_size, patch_size, num_classes, dim, depth, num_heads, mlp_dim, dropout, extra_tokens=2, **kwargs
        )
        self.dist_token = self.add_weight(shape=(1, 1, dim), name="dist_token")  # Keras's default start
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        nothing = ops.zeros_like(patches[:, :1])
        pieces = [
            nothing + self.cls_token + self.pos_embed[:, :1],
            nothing + self.dist_token + self.pos_embed[:, 1:2],
            patches + self.pos_embed[:, 2:],
        ]
        tokens = ops.concatenate(pieces, axis=1)
        for block in self.blocks:
            tokens = block(tokens, training=training)
        two = self.norm(tokens)[:, :2]
        cls_logits, dist_logits = self.head(two[:, 0]), self.head_dist(two[:, 1])
        if not training:
            return 0.5 * cls_logits + 0.5 * dist_logits
        return (cls_logits, dist_logits)


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    logits = ops.stack([cls_logits, dist_logits])  # (2, B, K)
    chosen = ops.argmax(ops.stop_gradient(teacher_logits), axis=-1)
    targets = ops.stack([ops.cast(labels, "int32"), ops.cast(chosen, "int32")])  # (2, B)
    found = ops.take_along_axis(log_soft(logits), targets[..., None], axis=-1)
    return -ops.mean(found)


# %%
def figure():
    teacher, student = np.array([14.0, 12.0, 6.0]), np.zeros(3)

    def softmax(z):
        powers = np.exp(z - z.max())
        return powers / powers.sum()

    soft, pull = np.empty((4, 3)), np.empty((2, 4))
    for i in range(4):
        t = 2**i
        soft[i] = softmax(teacher / t)
        pull[0, i] = (soft[i, 0] - softmax(student / t)[0]) / t
        pull[1, i] = pull[0, i] * t * t
    params = np.empty(3)
    for i, (d, old) in enumerate(((192, 5717416), (384, 22050664), (768, 86567656))):
        token, position, head = d, d, d * 1000 + 1000
        params[i] = old + token + position + head
    epsilon, classes = 0.1, 10
    return {
        "soft": soft, "pull": pull, "params": params, "answer_1": epsilon * np.log(classes), "answer_2": (1, 0, 1, 1, 0),
    }
