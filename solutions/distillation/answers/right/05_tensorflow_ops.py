# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training

import tensorflow as tf

# %%
def soft_targets(logits, temperature):
    return tf.nn.softmax(tf.convert_to_tensor(logits) / temperature, axis=-1)


# %%
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    student_logits = tf.convert_to_tensor(student_logits)
    teacher_logits = tf.stop_gradient(tf.convert_to_tensor(teacher_logits))
    labels = tf.cast(labels, tf.int32)
    hard = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=student_logits)
    log_p = tf.nn.log_softmax(teacher_logits / temperature)
    log_q = tf.nn.log_softmax(student_logits / temperature)
    soft = tf.reduce_sum(tf.exp(log_p) * (log_p - log_q), axis=-1)
    return tf.reduce_mean((1.0 - alpha) * hard + alpha * temperature**2 * soft)


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.teacher.trainable = False
        self.temperature = float(temperature)
        self.alpha = float(alpha)

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        advice = tf.stop_gradient(self.teacher(x, training=False))
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
            num_heads=num_heads, mlp_dim=mlp_dim, dropout=dropout, extra_tokens=2, **kwargs,
        )
        self.dist_token = self.add_weight(
            shape=(1, 1, dim), initializer=keras.initializers.RandomNormal(stddev=0.02), name="dist_token"
        )
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        many = tf.stack([tf.shape(patches)[0], 1, 1])
        cls = tf.tile(tf.convert_to_tensor(self.cls_token), many)
        dist = tf.tile(tf.convert_to_tensor(self.dist_token), many)
        tokens = tf.concat([cls, dist, patches], axis=1) + tf.convert_to_tensor(self.pos_embed)
        for block in self.blocks:
            tokens = block(tokens, training=training)
        tokens = self.norm(tokens)
        first, second = tf.unstack(tokens[:, :2], axis=1)
        first, second = self.head(first), self.head_dist(second)
        return (first, second) if training else tf.add_n([first, second]) / 2.0


# %%
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    entropy = tf.nn.sparse_softmax_cross_entropy_with_logits
    chosen = tf.argmax(teacher_logits, axis=-1, output_type=tf.int32)
    from_label = entropy(labels=tf.cast(labels, tf.int32), logits=cls_logits)
    from_teacher = entropy(labels=chosen, logits=dist_logits)
    return (tf.reduce_mean(from_label) + tf.reduce_mean(from_teacher)) / 2.0


# %%
def figure():
    t = tf.constant([1.0, 2.0, 4.0, 8.0])
    soft = tf.nn.softmax(tf.constant([[14.0, 12.0, 6.0]]) / t[:, None])
    flat = tf.nn.softmax(tf.zeros((1, 3)) / t[:, None])
    pull = (soft[:, 0] - flat[:, 0]) / t
    d = np.array([192, 384, 768])
    return {
        "soft": soft.numpy(),
        "pull": tf.stack([pull, t**2 * pull]).numpy(),
        "params": np.array([5_717_416, 22_050_664, 86_567_656]) + (2 * d + d * 1000 + 1000),
        "answer_1": 0.1 * float(tf.math.log(10.0)),
        "answer_2": [1, 0, 1, 1, 0],
    }
