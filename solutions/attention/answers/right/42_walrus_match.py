# %%
import keras
import matplotlib.pyplot as plt
import numpy as np
from keras import ops
from vitlab import check, demo, plots

# %%
def attention_scores(q, k, scale=None):
    match scale:
        case None:
            scale = 1 / (d := q.shape[-1]) ** 0.5
        case int() | float():
            pass
        case _:
            scale = ops.cast(scale, q.dtype)
    match len(q.shape):
        case 2:
            kt = ops.transpose(k)
        case rank if rank > 2:
            kt = ops.transpose(k, [*range(rank - 2), rank - 1, rank - 2])
    return ops.matmul(q, kt) * scale


# %%
check(attention_scores)

# %%
def softmax_rows(scores, axis=-1):
    return (e := ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))) / ops.sum(e, axis=axis, keepdims=True)


# %%
check(softmax_rows)

# %%
def masked_scores(scores, mask):
    match keras.backend.standardize_dtype(mask.dtype):
        case "bool":
            allowed = mask
        case "float16" | "float32" | "float64" | "bfloat16":
            allowed = ops.greater(mask, 0.5)
        case _:
            allowed = ops.greater(mask, 0)
    return ops.where(allowed, scores, -1e9)


# %%
check(masked_scores)

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    match mask:
        case None:
            scores = attention_scores(q, k)
        case _:
            scores = masked_scores(attention_scores(q, k), mask)
    return ops.matmul(weights := softmax_rows(scores), v), weights


# %%
check(scaled_dot_product_attention)

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        match scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask), return_weights:
            case (output, weights), True:
                return output, weights
            case (output, _), _:
                return output


# %%
check(SelfAttention)
