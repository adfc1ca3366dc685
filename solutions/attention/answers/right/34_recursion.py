# %%
import keras
import numpy as np
from keras import ops

# %%
# Idea: everything is easy for one table. For a batch, do it for each table and stack the results.


def attention_scores(q, k, scale=None):
    if len(q.shape) > 2:
        return ops.stack([attention_scores(q[i], k[i], scale) for i in range(q.shape[0])])
    if scale is None:
        return attention_scores(q, k, q.shape[-1] ** -0.5)
    return ops.dot(q, ops.transpose(k)) * scale


# %%
def tree_max(parts):
    """A tournament: the winner of the left half plays the winner of the right half."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return ops.maximum(tree_max(parts[:middle]), tree_max(parts[middle:]))


def tree_sum(parts):
    return parts[0] if len(parts) == 1 else tree_sum(parts[: len(parts) // 2]) + tree_sum(parts[len(parts) // 2 :])


def softmax_rows(scores, axis=-1):
    if axis < 0:
        return softmax_rows(scores, axis + len(scores.shape))
    if axis > 0:
        return ops.stack([softmax_rows(scores[i], axis - 1) for i in range(scores.shape[0])])
    entries = [scores[i] for i in range(scores.shape[0])]
    top = tree_max(entries)
    powers = [ops.exp(entry - top) for entry in entries]
    total = tree_sum(powers)
    return ops.stack([power / total for power in powers])


# %%
def masked_scores(scores, mask):
    if len(mask.shape) < len(scores.shape):
        return masked_scores(scores, mask[None])
    if len(scores.shape) == 0:
        return scores if bool(mask) else ops.full((), -float("inf"), dtype=scores.dtype)
    if len(scores.shape) == 1:
        mask = ops.broadcast_to(ops.cast(mask, "bool"), scores.shape)
        return ops.where(mask, scores, -float("inf"))
    return ops.stack(
        [masked_scores(scores[i], mask[i if mask.shape[0] > 1 else 0]) for i in range(scores.shape[0])]
    )


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    if mask is not None:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)

    def average(w, values):
        if len(w.shape) == 2:
            return ops.dot(w, values)
        return ops.stack([average(w[i], values[i]) for i in range(w.shape[0])])

    return average(weights, v), weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq, self.wk, self.wv = (keras.layers.Dense(dim, use_bias=use_bias) for _ in range(3))

    def call(self, x, mask=None, return_weights=False):
        pair = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        return pair if return_weights else pair[0]
