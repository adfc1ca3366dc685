"""Mistakes in distillation_loss."""

from __future__ import annotations

from functools import partial

import keras
import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("distillation_loss")
SQUARE = "Double T: by how much does the gradient of the soft term shrink? Who makes up for it?"
AGREE = "A student that says what its teacher says should pay nothing in the soft term."


def surprise(labels, logits):
    """Cross-entropy of each image from logits: (B,)."""
    return keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)


def divergence(log_p, log_q):
    """KL of each image from two logarithms of probabilities: (B,)."""
    return ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)


def softened(student, teacher, t):
    """Logarithms of both softened distributions, the teacher's first."""
    return ops.log_softmax(teacher / t), ops.log_softmax(student / t)


def right_soft(student, teacher, t):
    """The soft term of each image, with its factor."""
    return t**2 * divergence(*softened(student, teacher, t))


def right_hard(student, teacher, labels, t):
    """The hard term of each image."""
    return surprise(labels, student)


def right_sum(hard, soft, alpha):
    """Both terms together."""
    return ops.mean((1 - alpha) * hard + alpha * soft)


def loss_variant(name, hint, soft=right_soft, hard=right_hard, join=right_sum, stop=True, twin=None):
    """Register a loss of which one part is another: soft(student, teacher, T), hard(student, teacher, labels, T) or
    join(hard, soft, alpha). Without `stop` the teacher gets a gradient."""

    def loss(student_logits, teacher_logits, labels, temperature, alpha):
        student, teacher = (ops.convert_to_tensor(z) for z in (student_logits, teacher_logits))
        teacher, t = ops.stop_gradient(teacher) if stop else teacher, float(temperature)
        return join(hard(student, teacher, labels, t), soft(student, teacher, t), float(alpha))

    loss.__name__ = name
    return KNOWN.wrong(hint, twin)(loss)


def between(kind):
    """A soft term kind(log_p, log_q) with the factor T^2."""
    return lambda s, z, t: t**2 * kind(*softened(s, z, t))


loss_variant("no_square", SQUARE, soft=lambda s, z, t: divergence(*softened(s, z, t)))
loss_variant("t_once", f"{SQUARE} Once, or twice?", soft=lambda s, z, t: t * divergence(*softened(s, z, t)))
loss_variant(
    "divided_by_the_square",
    "The soft term is weak at high temperatures as it is. Does your factor help it, or weaken it further?",
    soft=lambda s, z, t: divergence(*softened(s, z, t)) / t**2,
)
loss_variant(
    "square_for_both_terms",
    "alpha = 0: only the labels count, and T should play no part. In yours it does.",
    hard=lambda s, z, y, t: t**2 * surprise(y, s),
)
loss_variant(
    "the_other_way_round",
    "Which distribution is the target: the one that stands in front of the bracket, or the other?",
    soft=between(lambda p, q: divergence(q, p)),
)
loss_variant(
    "both_ways",
    "Yours is the mean of two divergences. The text has one, weighted by the teacher's p.",
    soft=between(lambda p, q: (divergence(q, p) + divergence(p, q)) / 2),
)
loss_variant(
    "t_on_the_teacher_only", f"{AGREE} Who of the two is softened in yours?",
    soft=lambda s, z, t: t**2 * divergence(ops.log_softmax(z / t), ops.log_softmax(s)),
)  # fmt: skip
loss_variant(
    "t_on_the_student_only", f"{AGREE} Is the teacher softened as well?",
    soft=lambda s, z, t: t**2 * divergence(ops.log_softmax(z), ops.log_softmax(s / t)),
)  # fmt: skip
loss_variant(
    "times_t",
    "A larger T should be softer. Do you divide by it?",
    soft=lambda s, z, t: t**2 * divergence(*softened(s, z, 1 / t)),
)
loss_variant(
    "no_temperature",
    "Your p and q are those of T = 1, whatever T is.",
    soft=lambda s, z, t: t**2 * divergence(*softened(s, z, 1.0)),
)
loss_variant(
    "no_temperature_at_all",
    "Your loss does not know T: neither in p and q, nor in front.",
    soft=lambda s, z, t: divergence(*softened(s, z, 1.0)),
)
loss_variant(
    "t_in_the_hard_term",
    "The label's term is at temperature 1. alpha = 0: does T play a part in yours?",
    hard=lambda s, z, y, t: surprise(y, s / t),
)
loss_variant(
    "alpha_swapped",
    "alpha = 1: which term should remain?",
    join=lambda hard, soft, alpha: right_sum(hard, soft, 1 - alpha),
)
loss_variant(
    "hard_term_whole",
    "alpha = 1: the labels should play no part any more. In yours they do.",
    join=lambda hard, soft, alpha: ops.mean(hard + alpha * soft),
)
loss_variant(
    "soft_term_whole",
    "alpha = 0: the teacher should play no part. In yours it does.",
    join=lambda hard, soft, alpha: ops.mean((1 - alpha) * hard + soft),
)
loss_variant(
    "both_whole",
    "Your loss does not know alpha.",
    join=lambda hard, soft, alpha: ops.mean(hard + soft),
)
loss_variant("no_hard_term", "Where are the labels?", join=lambda hard, soft, alpha: ops.mean(alpha * soft))
loss_variant("no_soft_term", "Where is the teacher?", join=lambda hard, soft, alpha: ops.mean((1 - alpha) * hard))
loss_variant(
    "cross_entropy_for_kl",
    f"{AGREE} In yours it pays for the teacher's own doubt. (The gradient is the same; the value is not.)",
    soft=between(lambda p, q: -ops.sum(ops.exp(p) * q, axis=-1)),
)
loss_variant(
    "mean_over_classes",
    "Add 90 classes of probability 0: the loss should not shrink to a tenth. Over the classes, is it a sum or a mean?",
    soft=between(lambda p, q: ops.mean(ops.exp(p) * (p - q), axis=-1)),
)
loss_variant(
    "sum_over_the_batch",
    "Twice the batch, twice your loss. Over the images, is it a sum or a mean?",
    join=lambda hard, soft, alpha: ops.sum((1 - alpha) * hard + alpha * soft),
)
loss_variant(
    "soft_term_summed_over_the_batch",
    "Twice the batch, and your soft term doubles. The mean is over both terms.",
    soft=lambda s, z, t: right_soft(s, z, t) * s.shape[0],
)
loss_variant(
    "soft_term_averaged_twice",
    "Your soft term is divided by the batch twice. Is one of the means inside, and the other outside?",
    soft=lambda s, z, t: right_soft(s, z, t) / s.shape[0],
)
loss_variant(
    "for_each_image",
    "One number is asked for. Yours has one for each image.",
    join=lambda hard, soft, alpha: (1 - alpha) * hard + alpha * soft,
)
loss_variant(
    "student_and_teacher_swapped",
    "Whose logits come first? Your student's place is taken by the teacher, in both terms: whose weights are trained?",
    soft=lambda s, z, t: right_soft(z, s, t),
    hard=lambda s, z, y, t: surprise(y, z),
)
loss_variant(
    "labels_for_the_teacher",
    "The label's term asks the teacher. Who is to learn it?",
    hard=lambda s, z, y, t: surprise(y, z),
)
loss_variant(
    "probabilities_as_logits",
    "Your softmax gets probabilities: two in a row are flatter than one. Divide by T before the exponential.",
    soft=lambda s, z, t: right_soft(ops.softmax(s), ops.softmax(z), t),
)
loss_variant(
    "probabilities_divided",
    "Do your p and q sum to 1? Divide by T before the exponential or after it?",
    soft=lambda s, z, t: t**2 * divergence(ops.log_softmax(z) - np.log(t), ops.log_softmax(s) - np.log(t)),
)
loss_variant(
    "teacher_with_itself",
    "Change the student: your soft term does not move. Which two does it compare?",
    soft=lambda s, z, t: right_soft(z, z, t),
    twin="no_soft_term",
)
loss_variant(
    "raw_logits",
    "KL compares two distributions. Do your rows sum to 1, and are they positive?",
    soft=lambda s, z, t: clipped(z / t, s / t),
)
loss_variant(
    "raw_logits_squared",
    "KL compares two distributions. You hand it numbers that are none: do your rows sum to 1?",
    soft=lambda s, z, t: t**2 * clipped(z / t, s / t),
)
loss_variant(
    "over_the_images",
    "Each image's classes are a distribution. Over which axis does your softmax run?",
    soft=lambda s, z, t: t**2 * divergence(ops.log_softmax(z / t, axis=0), ops.log_softmax(s / t, axis=0)),
)
loss_variant(
    "squared_difference_of_logits",
    "Yours compares logits by squares: what the soft term becomes at very high temperatures. At this T it is KL.",
    soft=lambda s, z, t: ops.mean((s - z) ** 2, axis=-1) / 2,
)
loss_variant(
    "squared_difference_of_probabilities",
    "Yours compares probabilities by squares. The text compares them by KL.",
    soft=between(lambda p, q: ops.sum((ops.exp(p) - ops.exp(q)) ** 2, axis=-1)),
)
loss_variant(
    "teacher_s_choice_for_the_label",
    "In your hard term the teacher's likeliest class stands where the label belongs. Where they differ, who is right?",
    hard=lambda s, z, y, t: surprise(ops.argmax(z, axis=-1), s),
)
loss_variant(
    "teacher_s_choice_for_its_softness",
    "Your teacher names a single class. What it thinks of the others is the point of the soft term.",
    soft=lambda s, z, t: t**2 * surprise(ops.argmax(z, axis=-1), s / t),
)
loss_variant(
    "in_bits",
    "Your soft term has logarithms of base 2. The text has natural ones.",
    soft=lambda s, z, t: right_soft(s, z, t) / np.float32(np.log(2)),
)
loss_variant(
    "minus_forgotten",
    "A student far from its teacher pays less than one that agrees, in yours. What is the sign of log p - log q?",
    soft=lambda s, z, t: -right_soft(s, z, t),
)
loss_variant(
    "label_s_probability",
    "A cross-entropy is a logarithm. Your hard term is the probability itself.",
    hard=lambda s, z, y, t: 1 - ops.exp(-surprise(y, s)),
)
loss_variant(
    "hard_term_taken_for_probabilities",
    "Logits may be negative, and they do not sum to 1. Does your cross-entropy know that they are logits?",
    hard=lambda s, z, y, t: keras.losses.sparse_categorical_crossentropy(y, s),
)
loss_variant(
    "hard_term_of_probabilities",
    "Your hard term puts the student through a softmax, and then through another one inside the loss.",
    hard=lambda s, z, y, t: surprise(y, ops.exp(ops.log_softmax(s))),
)
loss_variant(
    "gradient_into_the_teacher",
    "Values and the student's gradient are right. But your teacher learns, too: what keeps a gradient from it?",
    stop=False,
)
loss_variant(
    "student_stopped_in_the_soft_term",
    "The values are right, but the student learns from the labels alone. Which of the two should get no gradient?",
    soft=lambda s, z, t: right_soft(ops.stop_gradient(s), z, t),
)
loss_variant(
    "student_stopped",
    "The values are right, but nothing can be learnt from yours: no gradient arrives at the student.",
    join=lambda hard, soft, alpha: ops.stop_gradient(right_sum(hard, soft, alpha)),
    twin="by_numpy",
)


def clipped(p, q):
    """KL as Keras's function takes it, of anything at all: (B,)."""
    p, q = (ops.clip(x, keras.config.epsilon(), 1) for x in (p, q))
    return ops.sum(p * ops.log(p / q), axis=-1)


@KNOWN.wrong(
    "The values are right, but nothing can be learnt from yours: no gradient arrives at the student. Is NumPy in it, "
    "which lets none through?"
)
def by_numpy(student_logits, teacher_logits, labels, temperature, alpha):
    student, teacher = (np.asarray(z, "float64") for z in (student_logits, teacher_logits))
    t, rows = float(temperature), np.arange(len(student))

    def logs(z):
        z = z - z.max(axis=-1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))

    p, q = logs(teacher / t), logs(student / t)
    soft = t**2 * (np.exp(p) * (p - q)).sum(axis=-1)
    return np.mean((1 - alpha) * -logs(student)[rows, np.asarray(labels)] + alpha * soft)


@KNOWN.right("Keras's KLDivergence, of two softened distributions, is the soft term; and NumPy has no part in it.")
def keras_divergence(student_logits, teacher_logits, labels, temperature, alpha):
    soften = partial(ops.softmax, axis=-1)
    p, q = soften(ops.stop_gradient(teacher_logits) / temperature), soften(student_logits / temperature)
    hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, student_logits)
    return (1 - alpha) * hard + alpha * temperature**2 * keras.losses.KLDivergence()(p, q)


@KNOWN.right("A cross-entropy less the teacher's own entropy is the KL.")
def cross_entropy_less_entropy(student_logits, teacher_logits, labels, temperature, alpha):
    p = ops.softmax(ops.stop_gradient(teacher_logits) / temperature)
    cross = keras.losses.categorical_crossentropy(p, student_logits / temperature, from_logits=True)
    own = -ops.sum(p * ops.log(p), axis=-1)
    return ops.mean((1 - alpha) * surprise(labels, student_logits)) + alpha * temperature**2 * ops.mean(cross - own)
