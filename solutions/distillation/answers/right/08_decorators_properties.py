# %%
import functools
import inspect

import keras
import numpy as np
from keras import ops
from vitlab import training


# %%
def given_as_tensors(*names, stop=()):
    """A decorator: the named arguments become tensors, and those in stop let no gradient through."""

    def decorate(function):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapped(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            for name in (*names, *stop):
                value = ops.convert_to_tensor(bound.arguments[name])
                bound.arguments[name] = ops.stop_gradient(value) if name in stop else value
            return function(*bound.args, **bound.kwargs)

        return wrapped

    return decorate


@given_as_tensors("logits")
def soft_targets(logits, temperature):
    return ops.softmax(logits / temperature, axis=-1)


# %%
@given_as_tensors("student_logits", "labels", stop=("teacher_logits",))
def distillation_loss(student_logits, teacher_logits, labels, temperature, alpha):
    log_p, log_q = (ops.log_softmax(z / temperature, axis=-1) for z in (teacher_logits, student_logits))
    kl = ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)
    ce = keras.losses.sparse_categorical_crossentropy(labels, student_logits, from_logits=True)
    weights = {"hard": 1 - alpha, "soft": alpha * temperature**2}
    terms = {"hard": ce, "soft": kl}
    return ops.mean(sum(weights[name] * terms[name] for name in terms))


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.temperature = temperature
        self.alpha = alpha

    # Only the student is offered to the optimizer.
    @property
    def trainable_variables(self):
        return self.student.trainable_variables

    @property
    def trainable_weights(self):
        return self.student.trainable_weights

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        advice = ops.stop_gradient(self.teacher(x, training=False))
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
            num_heads=num_heads, mlp_dim=mlp_dim, dropout=dropout, pool="none", extra_tokens=2, **kwargs,
        )
        self.dist_token = self.add_weight(
            shape=tuple(self.cls_token.shape), initializer=keras.initializers.RandomNormal(stddev=0.02), name="dist_token"
        )
        self.head_dist = keras.layers.Dense(num_classes)

    def call(self, images, training=None):
        patches = self.patch_embed(images)
        batch = ops.shape(patches)[0]
        extra = [ops.repeat(token, batch, axis=0) for token in (self.cls_token, self.dist_token)]
        tokens = ops.concatenate([*extra, patches], axis=1) + self.pos_embed
        for block in self.blocks:
            tokens = block(tokens, training=training)
        cls, dist = ops.unstack(self.norm(tokens)[:, :2], axis=1)
        answers = self.head(cls), self.head_dist(dist)
        return answers if training else ops.average(ops.stack(answers, axis=-1), axis=-1)


# %%
@given_as_tensors("cls_logits", "dist_logits", "labels", stop=("teacher_logits",))
def hard_distillation_loss(cls_logits, dist_logits, teacher_logits, labels):
    likeliest = ops.argsort(teacher_logits, axis=-1)[:, -1]
    each = functools.partial(keras.losses.sparse_categorical_crossentropy, from_logits=True)
    return ops.mean(each(labels, cls_logits) + each(likeliest, dist_logits)) / 2


# %%
def figure():
    t = np.array([1, 2, 4, 8])
    p, q = (
        np.stack([ops.convert_to_numpy(soft_targets(np.array(z, "float32"), int(one))) for one in t])
        for z in ([14, 12, 6], [0, 0, 0])
    )
    pull = ((p - q) / t[:, None])[:, 0]
    d, k = np.array([192, 384, 768]), 1000
    return {
        "soft": p,
        "pull": np.stack([pull, pull * t**2]),
        "params": np.array([5_717_416, 22_050_664, 86_567_656]) + 2 * d + d * k + k,
        "answer_1": round(0.1 * float(np.log(10)), 4),
        "answer_2": [1, 0, 1, 1, 0],
    }
