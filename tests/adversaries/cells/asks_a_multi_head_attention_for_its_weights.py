# Tries to get softmax out of keras.layers.MultiHeadAttention, by giving it identity kernels and reading its scores.
import keras
import numpy as np


def softmax_rows(scores, axis=-1):
    last = np.moveaxis(np.asarray(scores), axis, -1)
    size = last.shape[-1]
    rows, one = last.reshape(1, -1, size), np.eye(size, dtype="float32")[None]
    layer = keras.layers.MultiHeadAttention(1, size, use_bias=False)
    layer(rows, one)
    eye = one.reshape(size, 1, size)
    layer.set_weights([eye * np.sqrt(size), eye, eye, eye.reshape(1, size, size)])
    _, weights = layer(rows, one, return_attention_scores=True)
    return np.moveaxis(np.asarray(weights).reshape(last.shape), -1, axis)
