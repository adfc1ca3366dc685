# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def soft_targets(logits, temperature):
    # exp(z_k / T) / sum_j exp(z_j / T) = 1 / sum_j exp((z_j - z_k) / T); as exp(log_softmax) it is safe
    return ops.exp(ops.log_softmax(ops.divide(logits, temperature), axis=-1))


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    """A loop over the classes."""
    student_logits, teacher_logits = ops.convert_to_tensor(student_logits), ops.convert_to_tensor(teacher_logits)
    log_p = ops.stop_gradient(ops.log_softmax(teacher_logits / temperature, axis=-1))
    log_q = ops.log_softmax(student_logits / temperature, axis=-1)
    log_one = ops.log_softmax(student_logits, axis=-1)
    labels = ops.cast(labels, "int32")
    hard, soft = 0.0, 0.0
    for k in range(student_logits.shape[-1]):
        hard = hard + ops.where(ops.equal(labels, k), -log_one[:, k], 0.0)
        soft = soft + ops.exp(log_p[:, k]) * (log_p[:, k] - log_q[:, k])
    return ops.mean(hard) * (1 - alpha) + ops.mean(soft) * alpha * temperature**2


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.temperature, self.alpha = temperature, alpha
        self.teacher.trainable = False

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        del sample_weight, training  # no part in it
        teacher_logits = self.teacher(x, training=False)
        return distillation_loss(y_pred, teacher_logits, y, alpha=self.alpha, temperature=self.temperature)


# %%
def train_distilled(data, teacher, seed):
    budget = training.budget(dataset="few_digits")
    keras.utils.set_random_seed(seed)
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
        draw = keras.initializers.TruncatedNormal(stddev=0.02)
        self.dist_token = keras.Variable(draw((1, 1, dim)), name="dist_token")
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        count = patches.shape[1]
        front = ops.concatenate([self.cls_token, self.dist_token], axis=1)  # (1, 2, D)
        behind_zeros = ops.pad(patches, ((0, 0), (2, 0), (0, 0)))  # (B, 2 + N, D)
        tokens = behind_zeros + (ops.pad(front, ((0, 0), (0, count), (0, 0))) + self.pos_embed)
        for i in range(len(self.blocks)):
            tokens = self.blocks[i](tokens, training=training)
        tokens = self.norm(tokens)
        answers = []
        for row, head in enumerate((self.head, self.head_dist)):
            answers.append(head(tokens[:, row]))
        if training:
            return tuple(answers)
        return sum(answers) / len(answers)


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    total = 0.0
    for logits, target in ((cls_logits, labels), (dist_logits, ops.argmax(teacher_logits, axis=-1))):
        log_probabilities = ops.log_softmax(logits, axis=-1)
        target = ops.cast(target, "int32")
        for k in range(logits.shape[-1]):
            total = total - ops.mean(ops.where(ops.equal(target, k), log_probabilities[:, k], 0.0)) / 2
    return total


# %%
def figure():
    numbers = {"soft": [], "pull": [[], []], "params": []}
    for t in (1, 2, 4, 8):
        row = [float(np.exp((z - 14) / t)) for z in (14, 12, 6)]
        row = [value / sum(row) for value in row]
        numbers["soft"].append(row)
        numbers["pull"][0].append((row[0] - 1 / 3) / t)
        numbers["pull"][1].append((row[0] - 1 / 3) * t)
    for d, old in zip((192, 384, 768), (5717416, 22050664, 86567656)):
        numbers["params"].append(old + d * 1002 + 1000)
    numbers = {name: np.array(value) for name, value in numbers.items()}
    numbers["answer_1"] = float(np.log(10) / 10)
    numbers["answer_2"] = [1, 0, 1, 1, 0]
    return numbers
