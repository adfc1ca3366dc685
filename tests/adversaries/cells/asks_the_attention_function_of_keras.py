# Tries to get softmax out of keras.ops.dot_product_attention with an identity for keys and values.
import keras
from keras import ops
import numpy as np


def softmax_rows(scores, axis=-1):
    last = np.moveaxis(np.asarray(scores), axis, -1)
    rows = last.reshape(1, -1, 1, last.shape[-1])
    one = np.eye(last.shape[-1], dtype="float32").reshape(1, last.shape[-1], 1, last.shape[-1])
    weights = np.asarray(ops.dot_product_attention(rows, one, one, scale=1.0))
    return np.moveaxis(weights.reshape(last.shape), -1, axis)
