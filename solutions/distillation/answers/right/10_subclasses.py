# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
class Softened(keras.layers.Layer):
    """logits -> softmax(logits / T). It has no weights."""

    def __init__(self, temperature, log=False, **kwargs):
        super().__init__(**kwargs)
        self.temperature, self.log = temperature, log

    def call(self, logits):
        function = ops.log_softmax if self.log else ops.softmax
        return function(logits / self.temperature, axis=-1)


def soft_targets(logits, temperature):
    return Softened(temperature)(ops.convert_to_tensor(logits))


# %%
class SoftTerm(keras.losses.Loss):
    """T^2 KL between the teacher's logits (as y_true) and the student's (as y_pred), a mean over the batch."""

    def __init__(self, temperature, **kwargs):
        super().__init__(**kwargs)
        self.temperature = temperature

    def call(self, y_true, y_pred):
        log_p = ops.stop_gradient(Softened(self.temperature, log=True)(y_true))
        log_q = Softened(self.temperature, log=True)(y_pred)
        return self.temperature**2 * ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)


def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, student_logits)
    soft = SoftTerm(temperature)(teacher_logits, student_logits)
    return hard + alpha * (soft - hard)


# %%
class StudentOutside(keras.Model):
    """From outside it is its student."""

    def __init__(self, student, **kwargs):
        super().__init__(**kwargs)
        self.student = student

    def call(self, images, training=None):
        return self.student(images, training=training)


class Distiller(StudentOutside):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(student, **kwargs)
        self.teacher = teacher
        self.teacher.trainable = False
        self.temperature, self.alpha = temperature, alpha

    def call(self, images, training=None):
        return super().call(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        said = {"student_logits": y_pred, "teacher_logits": self.teacher(x, training=False)}
        return distillation_loss(labels=y, temperature=self.temperature, alpha=self.alpha, **said)


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
            shape=(1, 1, dim), initializer=keras.initializers.RandomNormal(stddev=0.02), name="dist_token"
        )
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        shape = (ops.shape(patches)[0], 1, patches.shape[-1])
        tokens = ops.concatenate([ops.broadcast_to(self.dist_token, shape), patches], axis=1)
        tokens = ops.concatenate([ops.broadcast_to(self.cls_token, shape), tokens], axis=1)
        tokens = tokens + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        tokens = self.norm(tokens)
        cls_logits = self.head(ops.take(tokens, 0, axis=1))
        dist_logits = self.head_dist(ops.take(tokens, 1, axis=1))
        if training is True:
            return cls_logits, dist_logits
        return ops.divide(ops.add(cls_logits, dist_logits), 2)


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    _, indices = ops.top_k(ops.convert_to_tensor(teacher_logits), k=1)  # (B, 1)
    entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="sum")
    total = entropy(labels, cls_logits) + entropy(indices[:, 0], dist_logits)
    return total / (2.0 * ops.cast(ops.shape(cls_logits)[0], "float32"))


# %%
def figure():
    def numbers_of(kind, dim):
        """The weights of a model without blocks: all that differs is there."""
        model = kind(image_size=224, patch_size=16, num_classes=1000, dim=dim, depth=0)
        model(np.zeros((1, 224, 224, 3), "float32"))
        return model.count_params()

    known = {192: 5_717_416, 384: 22_050_664, 768: 86_567_656}
    t = np.array([1.0, 2.0, 4.0, 8.0])
    soft = np.array([ops.convert_to_numpy(soft_targets(np.array([14, 12, 6], "float32"), float(one))) for one in t])
    gap = soft[:, 0] - 1 / 3
    return {
        "soft": soft,
        "pull": np.array([gap / t, gap * t]),
        "params": np.array([old + numbers_of(DistilledViT, d) - numbers_of(VisionTransformer, d) for d, old in known.items()]),
        "answer_1": 0.1 * np.log(10),
        "answer_2": [1, 0, 1, 1, 0],
    }
