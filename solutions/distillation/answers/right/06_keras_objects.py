# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


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
