"""Mistakes in smoothed_cross_entropy."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("smoothed_cross_entropy")
SLOPE = (
    "The number is right, but training asks for its slope, and NumPy does not remember how a number came about. "
    "Compute with keras.ops up to the end, and return what they return."
)


def soft(labels, count, epsilon):
    """The right targets."""
    return (1 - epsilon) * ops.one_hot(labels, count) + epsilon / count


def surprise(logits, targets):
    """-sum_k target_k log p_k for each image."""
    return -ops.sum(targets * ops.log_softmax(logits, axis=-1), axis=-1)


def loss_variant(name, hint, made, twin=None):
    """Register made(logits, targets, labels, epsilon), the logits as a tensor."""

    def loss(logits, labels, epsilon):
        logits = ops.convert_to_tensor(logits)
        return made(logits, soft(labels, logits.shape[-1], epsilon), labels, epsilon)

    loss.__name__ = name
    return KNOWN.wrong(hint, twin)(loss)


def against(name, hint, targets):
    """Register the right loss of other targets: targets(one_hot, K, epsilon)."""
    return loss_variant(
        name,
        hint,
        lambda z, t, y, e: ops.mean(surprise(z, targets(ops.one_hot(y, z.shape[-1]), z.shape[-1], e))),
    )


against(
    "not_smoothed",
    "This is the cross-entropy with the labels as they are. Where does epsilon come in?",
    lambda y, k, e: y,
)
against(
    "shared_by_the_others",
    "Your targets share epsilon among the others only. What does smooth_labels do?",
    lambda y, k, e: y * (1 - e) + (1 - y) * e / (k - 1),
)
against(
    "shares_swapped",
    "In the sum of two cross-entropies, which part is 1 - epsilon and which is epsilon?",
    lambda y, k, e: y * e + (1 - e) / k,
)
against(
    "nothing_taken_from_the_true_class",
    "Your targets sum to more than 1: what the others get has to come from somewhere.",
    lambda y, k, e: y + e / k,
)
against(
    "epsilon_for_each_class",
    "Your targets sum to far more than 1. Epsilon is shared by all classes: a sum over them becomes a mean.",
    lambda y, k, e: y * (1 - e) + e,
)
against(
    "true_class_only",
    "Only the true class has a term in your sum. Which targets of the others are not 0?",
    lambda y, k, e: y * (1 - e + e / k),
)
loss_variant(
    "minus_forgotten",
    "Your loss is negative where the model is wrong. Which sign has the logarithm of a probability?",
    lambda z, t, y, e: -ops.mean(surprise(z, t)),
)
loss_variant(
    "a_sum_over_the_batch",
    "Twice as many images would double your loss. What is the sum divided by?",
    lambda z, t, y, e: ops.sum(surprise(z, t)),
)
loss_variant(
    "mean_over_the_classes_too",
    "Your mean runs over images and classes. Which of the two is a sum in the text?",
    lambda z, t, y, e: ops.mean(surprise(z, t)) / z.shape[-1],
)
loss_variant(
    "divided_by_the_classes_only",
    "You sum over the images and divide by the number of classes. It is the other way round.",
    lambda z, t, y, e: ops.sum(surprise(z, t)) / z.shape[-1],
)
loss_variant(
    "one_for_each_image",
    "One number is asked for. Yours has one for each image.",
    lambda z, t, y, e: surprise(z, t),
)
loss_variant(
    "divergence",
    "You measure how far the model is from the targets, which is 0 at the best place. A cross-entropy also counts what "
    "the targets themselves leave open.",
    lambda z, t, y, e: ops.mean(surprise(z, t) + ops.sum(t * ops.log(ops.maximum(t, 1e-30)), axis=-1)),
)
loss_variant(
    "divergence_the_other_way_round",
    "Which of the two stands in the logarithm, the target or the model? And a divergence is another thing.",
    lambda z, t, y, e: ops.mean(
        ops.sum(ops.softmax(z) * (ops.log_softmax(z, axis=-1) - ops.log(ops.maximum(t, 1e-30))), axis=-1)
    ),
)
loss_variant(
    "roles_swapped",
    "Which of the two stands in the logarithm, the target or the model?",
    lambda z, t, y, e: -ops.mean(ops.sum(ops.softmax(z, axis=-1) * ops.log(ops.maximum(t, 1e-7)), axis=-1)),
)
loss_variant(
    "in_bits",
    "Your logarithm has base 2. The text asks for the natural one, as in Keras.",
    lambda z, t, y, e: ops.mean(surprise(z, t)) / np.float32(np.log(2)),
)
loss_variant(
    "softmax_over_the_batch",
    "Over what does the softmax run: over the classes of one image, or over the images of the batch?",
    lambda z, t, y, e: -ops.mean(ops.sum(t * ops.log_softmax(z, axis=0), axis=-1)),
)
loss_variant(
    "softmax_twice",
    "Two softmaxes in a row are flatter than one. Who makes the second one?",
    lambda z, t, y, e: ops.mean(surprise(ops.softmax(z, axis=-1), t)),
)
loss_variant(
    "taken_for_probabilities",
    "Logits may be negative and do not sum to 1. Does your cross-entropy know that they are logits?",
    lambda z, t, y, e: ops.mean(keras.losses.categorical_crossentropy(t, z)),
)
loss_variant(
    "probabilities_smoothed",
    "What is smoothed here is what the model says. Whose numbers does the text soften?",
    lambda z, t, y, e: (
        -ops.mean(
            ops.sum(
                ops.one_hot(y, z.shape[-1])
                * ops.log(ops.maximum((1 - e) * ops.softmax(z, axis=-1) + e / z.shape[-1], 1e-30)),
                axis=-1,
            )
        )
    ),
)
loss_variant(
    "logits_smoothed",
    "What is smoothed here are the logits. Whose numbers does the text soften?",
    lambda z, t, y, e: ops.mean(surprise((1 - e) * z + e / z.shape[-1], ops.one_hot(y, z.shape[-1]))),
)
loss_variant(
    "squared_distance",
    "This is a squared distance. What is the cross-entropy of two rows?",
    lambda z, t, y, e: ops.mean(ops.sum(ops.square(ops.softmax(z, axis=-1) - t), axis=-1)),
)
loss_variant(
    "labels_of_its_own",
    "The targets are made of what the model chose itself. Where do the labels come in?",
    lambda z, t, y, e: ops.mean(surprise(z, soft(ops.argmax(z, axis=-1), z.shape[-1], e))),
)
loss_variant(
    "every_image_against_every_other",
    "Look at the shape before the last mean. Yours compares every image with the targets of every other one.",
    lambda z, t, y, e: ops.mean(-ops.sum(t[:, None, :] * ops.log_softmax(z, axis=-1), axis=-1)),
)
loss_variant(
    "loud_logits_overflow",
    "The exponential of 1000 is more than a float32 holds. Which function does softmax and logarithm in one?",
    lambda z, t, y, e: (
        -ops.mean(ops.sum(t * ops.log(ops.exp(z) / ops.sum(ops.exp(z), axis=-1, keepdims=True)), axis=-1))
    ),
)
loss_variant(
    "logarithm_of_0",
    "A softmax can be exactly 0, and the logarithm of that is none. Which function does softmax and logarithm in one?",
    lambda z, t, y, e: -ops.mean(ops.sum(t * ops.log(ops.softmax(z, axis=-1)), axis=-1)),
)
loss_variant(
    "probabilities_cut_off",
    "Probabilities below 0.0000001 are cut off in yours, so very wrong logits cost too little, and there the slope is "
    "0. Is there a way from the logits straight to the logarithm?",
    lambda z, t, y, e: -ops.mean(ops.sum(t * ops.log(ops.clip(ops.softmax(z, axis=-1), 1e-7, 1 - 1e-7)), axis=-1)),
)
loss_variant(
    "a_little_added",
    "The small number that you add before the logarithm changes the loss where the model is very wrong. Is there a way "
    "from the logits straight to the logarithm?",
    lambda z, t, y, e: -ops.mean(ops.sum(t * ops.log(ops.softmax(z, axis=-1) + 1e-7), axis=-1)),
)


@KNOWN.wrong(SLOPE)
def slope_lost(logits, labels, epsilon):
    logits, labels = ops.convert_to_numpy(logits).astype("float64"), ops.convert_to_numpy(labels)
    count = logits.shape[-1]
    targets = (1 - epsilon) * np.eye(count)[labels] + epsilon / count
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return float(-(targets * logs).sum(axis=-1).mean())


@KNOWN.right("Keras's cross-entropy with targets of your own.")
def library_cross_entropy(logits, labels, epsilon):
    targets = soft(labels, logits.shape[-1], epsilon)
    return ops.mean(keras.losses.categorical_crossentropy(targets, logits, from_logits=True))


@KNOWN.right("It is linear in the targets: a mixture of the plain loss and of an even one.")
def mixture_of_two(logits, labels, epsilon):
    logits = ops.convert_to_tensor(logits)
    every = ops.logsumexp(logits, axis=-1, keepdims=True) - logits
    true = ops.take_along_axis(every, ops.cast(labels, "int32")[:, None], axis=-1)[:, 0]
    return ops.mean((1 - epsilon) * true + epsilon * ops.mean(every, axis=-1))


@KNOWN.right("A Loss object of Keras's is as good as its function, and reduces by itself.")
def loss_object(logits, labels, epsilon):
    count = logits.shape[-1]
    return keras.losses.CategoricalCrossentropy(from_logits=True)(soft(labels, count, epsilon), logits)


@KNOWN.right("Image by image in a loop is slow and right.")
def image_by_image(logits, labels, epsilon):
    total, count = 0.0, logits.shape[-1]
    for i in range(logits.shape[0]):
        logs = ops.log_softmax(logits[i])
        total += -(1 - epsilon) * ops.take(logs, labels[i]) - epsilon / count * ops.sum(logs)
    return total / logits.shape[0]
