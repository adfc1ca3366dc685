# Tries to get softmax as the gradient of keras.losses.CategoricalCrossentropy with from_logits.
# May gain: marks
import keras
import numpy as np
import tensorflow as tf


def softmax_rows(scores, axis=-1):
    logits = tf.convert_to_tensor(np.moveaxis(np.asarray(scores), axis, -1))
    labels = tf.ones_like(logits) / logits.shape[-1]
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, reduction="sum")
    with tf.GradientTape() as tape:
        tape.watch(logits)
        value = loss(labels, logits)
    return np.moveaxis((tape.gradient(value, logits) + labels).numpy(), -1, axis)
