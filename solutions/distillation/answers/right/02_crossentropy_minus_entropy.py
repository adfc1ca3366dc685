# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def soft_targets(logits, temperature):
    return keras.activations.softmax(ops.true_divide(logits, temperature), axis=-1)


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    # KL(p || q) = CE(p, q) - CE(p, p)
    teacher_logits = ops.stop_gradient(ops.convert_to_tensor(teacher_logits))
    student_logits = ops.convert_to_tensor(student_logits)
    p = soft_targets(teacher_logits, temperature)
    between = ops.categorical_crossentropy(p, student_logits / temperature, from_logits=True)
    within = ops.categorical_crossentropy(p, teacher_logits / temperature, from_logits=True)
    ce = ops.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    return (1 - alpha) * ops.mean(ce) + alpha * temperature**2 * ops.mean(between - within)


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student, self.teacher = student, teacher
        self.pay = functools.partial(distillation_loss, temperature=temperature, alpha=alpha)
        self.teacher.trainable = False

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return self.pay(labels=y, teacher_logits=self.teacher(x, training=False), student_logits=y_pred)


# %%
def train_distilled(data, teacher, seed):
    keras.utils.set_random_seed(seed)
    budget = training.budget(dataset="few_digits")
    student = VisionTransformer(**budget.model)
    distiller = Distiller(student=student, teacher=teacher, alpha=1.0, temperature=2.0)
    return student, training.fit(distiller, data, budget, seed=seed)


# %%
class DistilledViT(VisionTransformer):
    def __init__(
        self, image_size=32, patch_size=4, num_classes=10, dim=64, depth=4, num_heads=4, mlp_dim=128, dropout=0.0,
        **kwargs,
    ):
        sizes = dict(image_size=image_size, patch_size=patch_size, num_classes=num_classes, dim=dim)
        inside = dict(depth=depth, num_heads=num_heads, mlp_dim=mlp_dim, dropout=dropout)
        super().__init__(extra_tokens=2, **sizes, **inside, **kwargs)
        self.dist_token = self.add_weight(shape=(1, 1, dim), initializer="random_normal", name="dist_token")
        self.head_dist = keras.layers.Dense(num_classes, name="head_dist")

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        front = ops.concatenate([self.cls_token, self.dist_token], axis=1)
        front = ops.tile(front, (ops.shape(patches)[0], 1, 1))
        tokens = ops.add(ops.concatenate([front, patches], axis=1), self.pos_embed)
        tokens = self.norm(functools.reduce(lambda x, block: block(x, training=training), self.blocks, tokens))
        pair = self.head(tokens[:, 0, :]), self.head_dist(tokens[:, 1, :])
        return pair if training else ops.mean(ops.stack(pair, axis=0), axis=0)


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    classes = teacher_logits.shape[-1]
    targets = ops.one_hot(ops.cast(labels, "int32"), classes), ops.one_hot(ops.argmax(teacher_logits, -1), classes)
    terms = [
        ops.mean(keras.losses.categorical_crossentropy(target, logits, from_logits=True))
        for target, logits in zip(targets, (cls_logits, dist_logits))
    ]
    return sum(terms) / 2


# %%
def figure():
    t = np.array([1.0, 2.0, 4.0, 8.0])[:, None]
    powers = np.exp((np.array([[14.0, 12.0, 6.0]]) - 14) / t)
    soft = powers / powers.sum(axis=1, keepdims=True)
    pull = (soft[:, 0] - 1 / 3) / t[:, 0]
    base = {192: 5_717_416, 384: 22_050_664, 768: 86_567_656}
    return dict(
        soft=soft,
        pull=np.array([pull, pull * t[:, 0] ** 2]),
        params=[old + 2 * d + d * 1000 + 1000 for d, old in base.items()],
        answer_1=0.2303,
        answer_2=np.array([1, 0, 1, 1, 0]),
    )
