# %%
import itertools as it
from itertools import chain, product, repeat, starmap

import keras
import numpy as np
from keras import ops

# %%
def tables(*tensors):
    """Walk through the leading axes of several tensors at once, and yield the 2-D tables."""
    lead = tuple(tensors[0].shape[:-2])
    for index in product(*map(range, lead)):
        yield tuple(t[index] for t in tensors)


def assemble(parts, lead):
    parts = list(parts)
    return ops.reshape(ops.stack(parts), (*lead, *parts[0].shape))


# %%
def attention_scores(q, k, scale=None):
    factor = q.shape[-1] ** -0.5 if scale is None else scale
    one = lambda a, b: ops.stack([ops.sum(row * b, axis=-1) for row in ops.unstack(a)]) * factor
    return assemble(starmap(one, tables(q, k)), q.shape[:-2])


# %%
def softmax_rows(scores, axis=-1):
    parts = ops.unstack(scores, axis=axis)
    top = list(it.accumulate(parts, ops.maximum))[-1]
    powers = [ops.exp(part - top) for part in parts]
    *_, total = it.accumulate(powers)
    return ops.stack([power / total for power in powers], axis=axis)


# %%
def masked_scores(scores, mask):
    mask = ops.cast(mask, scores.dtype)
    # m = 1: score - 0.  m = 0: score - inf.
    return scores - (1.0 / mask - 1.0)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    def scores():
        yield attention_scores(q, k)
        if mask is not None:
            yield masked_scores(attention_scores(q, k), mask)

    *_, last = scores()
    weights = softmax_rows(last)
    output = assemble((ops.matmul(w, values) for w, values in tables(weights, v)), q.shape[:-2])
    return output, weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        for name, width in zip(("wq", "wk", "wv"), repeat(dim)):
            setattr(self, name, keras.layers.Dense(width, use_bias=use_bias))

    def call(self, x, mask=None, return_weights=False):
        qkv = (getattr(self, "w" + letter)(x) for letter in "qkv")
        pair = scaled_dot_product_attention(*chain(qkv, [mask]))
        return pair if return_weights else next(iter(pair))
