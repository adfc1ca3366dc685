"""Mistakes in masked_token_loss."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("masked_token_loss")
PADS = "Add ten pads to a caption: the loss must not change."


def surprise(logits, targets):
    """Cross-entropy of each word in float32, from a stable log-softmax: (B, T)."""
    logs = ops.log_softmax(ops.convert_to_tensor(logits), axis=-1)
    return -ops.sum(logs * ops.one_hot(targets, logits.shape[-1]), axis=-1)


def loss_variant(name, hint, made, twin=None):
    """Register made(logits, targets, weights), the weights as floats."""

    def loss(logits, targets, weights):
        return made(ops.convert_to_tensor(logits), targets, ops.cast(weights, "float32"))

    loss.__name__ = name
    return KNOWN.wrong(hint, twin)(loss)


def share(total, count):
    """total / count, 0 where the count is 0."""
    return total / ops.maximum(count, 1.0)


def shown(change):
    """The right loss of changed logits."""
    return lambda logits, targets, w: share(ops.sum(w * surprise(change(logits), targets)), ops.sum(w))


loss_variant(
    "mean_over_all_places",
    f"{PADS} By how many numbers do you divide?",
    lambda logits, y, w: ops.mean(w * surprise(logits, y)),
)
loss_variant(
    "ignores_the_weights",
    f"{PADS} Where do your weights come in?",
    lambda logits, y, w: ops.mean(surprise(logits, y)),
)
loss_variant(
    "mean_of_the_captions_means",
    "A word of a short caption counts more than one of a long caption in yours. The sums run over the whole batch.",
    lambda logits, y, w: ops.mean(share(ops.sum(w * surprise(logits, y), axis=1), ops.sum(w, axis=1))),
)
loss_variant(
    "mean_of_the_places_means",
    "Each column of the batch counts the same in yours, however few words stand in it. The sums run over everything.",
    lambda logits, y, w: ops.mean(share(ops.sum(w * surprise(logits, y), axis=0), ops.sum(w, axis=0))),
)
loss_variant(
    "a_sum",
    "Twice as many captions would double your loss. What is the sum divided by?",
    lambda logits, y, w: ops.sum(w * surprise(logits, y)),
)
loss_variant(
    "for_each_caption",
    "One number is asked for. Yours has one for each caption.",
    lambda logits, y, w: share(ops.sum(w * surprise(logits, y), axis=1), ops.sum(w, axis=1)),
)
loss_variant(
    "for_each_word",
    "One number is asked for. Yours has one for each word.",
    lambda logits, y, w: w * surprise(logits, y),
)
loss_variant(
    "divided_by_the_captions",
    "You divide by the number of captions. A mean over words divides by the number of words that count.",
    lambda logits, y, w: ops.sum(w * surprise(logits, y)) / logits.shape[0],
)
loss_variant(
    "divided_by_the_places",
    "You divide by the columns of the batch. How many words count in it?",
    lambda logits, y, w: ops.sum(w * surprise(logits, y)) / logits.shape[1],
)
loss_variant(
    "padding_is_0",
    "Your loss leaves out the targets that are 0. Here 0 may be a word: only the weights say what counts.",
    lambda logits, y, w: (lambda own: share(ops.sum(own * surprise(logits, y)), ops.sum(own)))(
        ops.cast(ops.not_equal(y, 0), "float32")
    ),
)
loss_variant(
    "words_and_no_0",
    "Your loss heeds the weights, and leaves out the targets that are 0 as well. Here 0 may be a word.",
    lambda logits, y, w: (lambda own: share(ops.sum(own * surprise(logits, y)), ops.sum(own)))(
        w * ops.cast(ops.not_equal(y, 0), "float32")
    ),
)
loss_variant(
    "counted_without_0",
    "Your sum is over the weights, but you divide by the number of targets that are not 0.",
    lambda logits, y, w: share(ops.sum(w * surprise(logits, y)), ops.sum(ops.cast(ops.not_equal(y, 0), "float32"))),
)
loss_variant(
    "weights_reversed",
    "Yours counts exactly what should not count. 1 means: it counts.",
    lambda logits, y, w: share(ops.sum((1 - w) * surprise(logits, y)), ops.sum(1 - w)),
)
loss_variant(
    "logits_masked",
    f"{PADS} Logits of 0 are not silent: each of them still costs the logarithm of V.",
    lambda logits, y, w: ops.mean(surprise(logits * w[..., None], y)),
)
loss_variant(
    "logits_masked_then_counted",
    f"{PADS} Logits of 0 still cost the logarithm of V each, and your sum holds them all.",
    lambda logits, y, w: share(ops.sum(surprise(logits * w[..., None], y)), ops.sum(w)),
)
loss_variant(
    "taken_for_probabilities",
    "Logits may be negative, and they do not sum to 1. Does your cross-entropy know that they are logits?",
    lambda logits, y, w: share(
        ops.sum(
            w
            * -ops.log(
                ops.clip(ops.take_along_axis(logits / ops.sum(logits, -1, keepdims=True), y[..., None], -1), 1e-7, 1)
            )[..., 0]
        ),
        ops.sum(w),
    ),
)
loss_variant(
    "softmax_twice",
    "Your logits go through a softmax before the loss does it once more.",
    shown(lambda logits: ops.softmax(logits, axis=-1)),
)
loss_variant(
    "softmax_over_the_places",
    "Over what does the softmax run: over the words that could stand here, or over the places of the sentence?",
    lambda logits, y, w: share(
        ops.sum(-w * ops.sum(ops.log_softmax(logits, axis=1) * ops.one_hot(y, logits.shape[-1]), axis=-1)), ops.sum(w)
    ),
)
loss_variant(
    "probability_of_the_word",
    "A cross-entropy is a logarithm. Yours is the probability itself.",
    lambda logits, y, w: share(ops.sum(w * ops.exp(-surprise(logits, y))), ops.sum(w)),
)
loss_variant(
    "share_of_wrong_words",
    "This counts wrong words. A count does not tell training which way to go; the logarithm does.",
    lambda logits, y, w: share(ops.sum(w * ops.cast(ops.argmax(logits, -1) != y, "float32")), ops.sum(w)),
)
loss_variant(
    "in_bits",
    "Your logarithm has base 2. The cross-entropy of Keras, and of this course, has base e.",
    lambda logits, y, w: share(ops.sum(w * surprise(logits, y)), ops.sum(w)) / np.float32(np.log(2)),
)
loss_variant(
    "minus_forgotten",
    "Your loss is negative: a sure and right model should have 0, a wrong one more.",
    lambda logits, y, w: -share(ops.sum(w * surprise(logits, y)), ops.sum(w)),
)
loss_variant(
    "one_more_counted",
    "Your divisor is one too large. It may only be helped where nothing counts.",
    lambda logits, y, w: ops.sum(w * surprise(logits, y)) / (ops.sum(w) + 1),
)
loss_variant(
    "perplexity",
    "This is e to the power of the loss. The loss itself is asked for.",
    lambda logits, y, w: ops.exp(share(ops.sum(w * surprise(logits, y)), ops.sum(w))),
)
loss_variant(
    "targets_one_further",
    "Targets are shifted already. Yours are shifted once more.",
    lambda logits, y, w: share(ops.sum(w[:, 1:] * surprise(logits[:, :-1], y[:, 1:])), ops.sum(w[:, 1:])),
)
loss_variant(
    "first_caption_only",
    "The sums run over the whole batch. Which captions does yours look at?",
    lambda logits, y, w: share(ops.sum(w[0] * surprise(logits, y)[0]), ops.sum(w[0])),
)
loss_variant(
    "nan_where_nothing_counts",
    "0 divided by 0 is not 0. What happens in your formula where no weight is 1?",
    lambda logits, y, w: ops.sum(w * surprise(logits, y)) / ops.sum(w),
)
loss_variant(
    "loud_logits_overflow",
    "The exponential of 300 is more than a float32 holds. Which function does softmax and logarithm in one?",
    lambda logits, y, w: share(
        ops.sum(
            -w
            * ops.log(
                ops.take_along_axis(ops.exp(logits), y[..., None], -1)[..., 0] / ops.sum(ops.exp(logits), axis=-1)
            )
        ),
        ops.sum(w),
    ),
)
loss_variant(
    "probabilities_cut_off",
    "A probability that is almost 0 is cut off at 0.0000001 in yours, so very wrong words cost too little. Is there a "
    "way from the logits straight to the loss?",
    lambda logits, y, w: share(
        ops.sum(
            -w * ops.log(ops.clip(ops.take_along_axis(ops.softmax(logits), y[..., None], -1)[..., 0], 1e-7, 1 - 1e-7))
        ),
        ops.sum(w),
    ),
)


@KNOWN.right("The loss may be a plain float, computed in NumPy with the logarithm of the sum of exponentials.")
def plain_numpy(logits, targets, weights):
    logits, targets, weights = (np.asarray(ops.convert_to_numpy(x)) for x in (logits, targets, weights))
    logits = logits.astype("float64") - logits.max(-1, keepdims=True)
    chosen = np.take_along_axis(logits, targets[..., None], -1)[..., 0]
    rows = (np.log(np.exp(logits).sum(-1)) - chosen)[weights.astype(bool)]
    return float(rows.mean()) if len(rows) else 0.0


@KNOWN.right("A tiny number in the divisor changes nothing that could be seen.")
def tiny_divisor(logits, targets, weights):
    weights = ops.cast(weights, "float32")
    return ops.sum(weights * surprise(logits, targets)) / (ops.sum(weights) + 1e-8)
