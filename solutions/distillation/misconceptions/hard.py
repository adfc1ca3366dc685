"""Mistakes in hard_distillation_loss."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("hard_distillation_loss")


def surprise(labels, logits):
    """Cross-entropy of each image from logits: (B,)."""
    return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def choice(teacher):
    """The teacher's likeliest class of each image."""
    return ops.argmax(teacher, axis=-1)


def likely(logits):
    """Probabilities. (Keras's losses recognise what its own softmax returns, and take the logits from there.)"""
    return ops.exp(ops.log_softmax(logits))


def half(one, other):
    """The mean of both over the batch."""
    return ops.mean(one + other) / 2


def hard_variant(name, hint, made, twin=None):
    """Register made(cls, dist, teacher, labels), the logits as tensors."""

    def loss(cls_logits, dist_logits, teacher_logits, labels):
        return made(*(ops.convert_to_tensor(z) for z in (cls_logits, dist_logits, teacher_logits)), labels)

    loss.__name__ = name
    return KNOWN.wrong(hint, twin)(loss)


hard_variant(
    "heads_swapped",
    "Which head learns from the labels, and which from the teacher? Try a teacher that is wrong.",
    lambda c, d, z, y: half(surprise(y, d), surprise(choice(z), c)),
)
hard_variant(
    "both_by_labels",
    "Where is the teacher? With one that is never wrong nobody would notice.",
    lambda c, d, z, y: half(surprise(y, c), surprise(y, d)),
)
hard_variant(
    "both_by_teacher",
    "Where are the labels? With a teacher that is never wrong nobody would notice.",
    lambda c, d, z, y: half(surprise(choice(z), c), surprise(choice(z), d)),
)
hard_variant(
    "soft_teacher",
    "Hard is asked for: the teacher's likeliest class. Is that an argmax or a softmax?",
    lambda c, d, z, y: half(
        surprise(y, c),
        keras.losses.categorical_crossentropy(ops.softmax(ops.stop_gradient(z)), d, from_logits=True),
    ),
)
hard_variant(
    "divergence",
    "Yours is the soft distillation of the paper's equation 2, at T = 1. Hard distillation has no KL.",
    lambda c, d, z, y: half(
        surprise(y, c),
        ops.sum(
            ops.softmax(ops.stop_gradient(z)) * (ops.log_softmax(ops.stop_gradient(z)) - ops.log_softmax(d)), axis=-1
        ),
    ),
)
hard_variant(
    "loss_of_the_average",
    "The average of two losses, or the loss of an average?",
    lambda c, d, z, y: half(surprise(y, (c + d) / 2), surprise(choice(z), (c + d) / 2)),
)
hard_variant(
    "average_by_labels",
    "Your heads are averaged before the loss. In training each has a target of its own.",
    lambda c, d, z, y: ops.mean(surprise(y, (c + d) / 2)),
)
hard_variant(
    "not_halved",
    "Two means are added in yours. How much is each worth in the formula?",
    lambda c, d, z, y: 2 * half(surprise(y, c), surprise(choice(z), d)),
)
hard_variant(
    "halved_twice",
    "Each term is worth a half. In yours it is a quarter.",
    lambda c, d, z, y: half(surprise(y, c), surprise(choice(z), d)) / 2,
)
hard_variant(
    "only_one_half",
    "Half of the first, and half of the second. In yours the second counts whole.",
    lambda c, d, z, y: ops.mean(surprise(y, c)) / 2 + ops.mean(surprise(choice(z), d)),
)
hard_variant(
    "only_the_first_whole",
    "Half of the first, and half of the second. In yours the first counts whole.",
    lambda c, d, z, y: ops.mean(surprise(y, c)) + ops.mean(surprise(choice(z), d)) / 2,
)
hard_variant(
    "product",
    "A half of each is added up, nothing is multiplied.",
    lambda c, d, z, y: ops.mean(surprise(y, c)) * ops.mean(surprise(choice(z), d)) / 2,
)
hard_variant("only_cls", "Which head learns nothing in yours?", lambda c, d, z, y: ops.mean(surprise(y, c)) / 2)
hard_variant("only_dist", "Where is CLS?", lambda c, d, z, y: ops.mean(surprise(choice(z), d)) / 2)
hard_variant("only_cls_whole", "Your loss is that of a plain ViT.", lambda c, d, z, y: ops.mean(surprise(y, c)))
hard_variant(
    "choice_over_the_images",
    "The likeliest class of each image, or the likeliest image for each class? Which axis does argmax run over?",
    lambda c, d, z, y: half(
        surprise(y, c), surprise(ops.take(ops.argmax(z, axis=0), ops.arange(z.shape[0]) % z.shape[1]) % z.shape[1], d)
    ),
)
hard_variant(
    "its_own_choice",
    "Your distillation head is praised for whatever it says. Whose choice is its target?",
    lambda c, d, z, y: half(surprise(y, c), surprise(choice(d), d)),
)
hard_variant(
    "cls_s_choice",
    "Your distillation head learns from CLS. Whose choice is its target?",
    lambda c, d, z, y: half(surprise(y, c), surprise(choice(c), d)),
)
hard_variant(
    "least_likely_class",
    "The teacher's likeliest class is asked for. Yours is the one that it believes in least.",
    lambda c, d, z, y: half(surprise(y, c), surprise(ops.argmin(z, axis=-1), d)),
)
hard_variant(
    "teacher_is_taught",
    "One of your terms is about the teacher's logits. Who is to learn here?",
    lambda c, d, z, y: half(surprise(y, c), surprise(choice(d), z)),
)
hard_variant(
    "sum_over_the_batch",
    "Twice the batch, twice your loss. Over the images, is it a sum or a mean?",
    lambda c, d, z, y: ops.sum(surprise(y, c) + surprise(choice(z), d)) / 2,
)
hard_variant(
    "for_each_image",
    "One number is asked for. Yours has one for each image.",
    lambda c, d, z, y: (surprise(y, c) + surprise(choice(z), d)) / 2,
)
hard_variant(
    "probabilities_as_logits",
    "Your heads go through a softmax, and then through another one inside the loss.",
    lambda c, d, z, y: half(surprise(y, likely(c)), surprise(choice(z), likely(d))),
)
hard_variant(
    "taken_for_probabilities",
    "Logits may be negative, and they do not sum to 1. Does your cross-entropy know that they are logits?",
    lambda c, d, z, y: half(
        keras.losses.sparse_categorical_crossentropy(y, c), keras.losses.sparse_categorical_crossentropy(choice(z), d)
    ),
)
hard_variant(
    "only_where_the_teacher_is_right",
    "Your teacher is heard only where it agrees with the label. Is there such a condition in the text?",
    lambda c, d, z, y: half(
        surprise(y, c), surprise(choice(z), d) * ops.cast(ops.equal(ops.cast(choice(z), "int32"), y), "float32")
    ),
)
hard_variant(
    "in_bits",
    "Your logarithms have base 2. The cross-entropy of Keras, and of this course, has base e.",
    lambda c, d, z, y: half(surprise(y, c), surprise(choice(z), d)) / np.float32(np.log(2)),
)
hard_variant(
    "smoothed",
    "DeiT's paper tries this, too: a tenth of the target is spread over all classes. The text has no smoothing.",
    lambda c, d, z, y: half(surprise(y, c), 0.9 * surprise(choice(z), d) - 0.1 * ops.mean(ops.log_softmax(d), axis=-1)),
)
hard_variant(
    "dist_gets_no_gradient",
    "The value is right, but the distillation head can learn nothing from it: its gradient is stopped.",
    lambda c, d, z, y: half(surprise(y, c), surprise(choice(z), ops.stop_gradient(d))),
)


@KNOWN.right("A teacher's choice as a one-hot row is the same as its number.")
def one_hot_choice(cls_logits, dist_logits, teacher_logits, labels):
    rows = ops.one_hot(choice(teacher_logits), teacher_logits.shape[-1])
    by_teacher = -ops.sum(rows * ops.log_softmax(dist_logits), axis=-1)
    return 0.5 * ops.mean(surprise(labels, cls_logits)) + 0.5 * ops.mean(by_teacher)


@KNOWN.right("One cross-entropy over both heads, one below the other, is a mean of the two.")
def one_below_the_other(cls_logits, dist_logits, teacher_logits, labels):
    targets = ops.concatenate([ops.cast(labels, "int32"), ops.cast(choice(teacher_logits), "int32")], axis=0)
    return ops.mean(surprise(targets, ops.concatenate([cls_logits, dist_logits], axis=0)))
