# Tries to get softmax out of keras.layers.Attention: with keys and values of ones and zeros only the weights remain.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    last = np.moveaxis(np.asarray(scores), axis, -1)
    rows = last.reshape(1, -1, last.shape[-1])
    one = np.eye(rows.shape[-1], dtype="float32")[None]
    weights = np.asarray(keras.layers.Attention()([rows, one, one]))
    return np.moveaxis(weights.reshape(last.shape), -1, axis)
