# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def soft_targets(logits, temperature):
    return ops.softmax(ops.convert_to_tensor(logits) / temperature, axis=-1)


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    student_logits = ops.convert_to_tensor(student_logits)
    teacher_logits = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    hard = keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    log_p = ops.log_softmax(teacher_logits / temperature, axis=-1)
    log_q = ops.log_softmax(student_logits / temperature, axis=-1)
    soft = ops.sum(soft_targets(teacher_logits, temperature) * (log_p - log_q), axis=-1)
    return ops.mean((1 - alpha) * hard + alpha * temperature**2 * soft)


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        teacher.trainable = False
        self.student = student
        self.teacher = teacher
        self.temperature = temperature
        self.alpha = alpha

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        advice = self.teacher(x, training=False)
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
        self,
        image_size=32,
        patch_size=4,
        num_classes=10,
        dim=64,
        depth=4,
        num_heads=4,
        mlp_dim=128,
        dropout=0.0,
        **kwargs,
    ):
        super().__init__(
            image_size=image_size,
            patch_size=patch_size,
            num_classes=num_classes,
            dim=dim,
            depth=depth,
            num_heads=num_heads,
            mlp_dim=mlp_dim,
            dropout=dropout,
            extra_tokens=2,
            **kwargs,
        )
        start = keras.initializers.RandomNormal(stddev=0.02)
        self.dist_token = self.add_weight(shape=(1, 1, dim), initializer=start, name="dist_token")
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        shape = (ops.shape(patches)[0], 1, patches.shape[-1])
        cls, dist = ops.broadcast_to(self.cls_token, shape), ops.broadcast_to(self.dist_token, shape)
        tokens = ops.concatenate([cls, dist, patches], axis=1) + self.pos_embed
        for layer in self.blocks:
            tokens = layer(tokens, training=training)
        tokens = self.norm(tokens)
        cls_logits, dist_logits = self.head(tokens[:, 0]), self.head_dist(tokens[:, 1])
        if training:
            return cls_logits, dist_logits
        return (cls_logits + dist_logits) / 2


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    chosen = ops.argmax(teacher_logits, axis=-1)
    from_label = keras.losses.sparse_categorical_crossentropy(labels, cls_logits, from_logits=True)
    from_teacher = keras.losses.sparse_categorical_crossentropy(chosen, dist_logits, from_logits=True)
    return ops.mean(0.5 * from_label + 0.5 * from_teacher)


# %%
def figure():
    temperatures = (1, 2, 4, 8)
    teacher, student = np.array([14, 12, 6], "float32"), np.zeros(3, "float32")
    soft = np.stack([ops.convert_to_numpy(soft_targets(teacher, t)) for t in temperatures])
    flat = np.stack([ops.convert_to_numpy(soft_targets(student, t)) for t in temperatures])
    t = np.array(temperatures)
    pull = (soft[:, 0] - flat[:, 0]) / t
    width = np.array([192, 384, 768])
    params = np.array([5_717_416, 22_050_664, 86_567_656]) + 2 * width + 1000 * width + 1000
    return {
        "soft": soft,
        "pull": np.stack([pull, t**2 * pull]),
        "params": params,
        "answer_1": 0.1 * np.log(10),
        "answer_2": [1, 0, 1, 1, 0],
    }
