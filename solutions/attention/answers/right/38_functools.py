# %%
import functools
from functools import lru_cache, partial, reduce, wraps

import keras
import numpy as np
from keras import ops


# %%
def as_tensors(how_many):
    """Decorator: turn the first `how_many` positional arguments into tensors."""

    def decorate(function):
        @wraps(function)
        def wrapper(*args, **kwargs):
            args = tuple(ops.convert_to_tensor(a) if i < how_many else a for i, a in enumerate(args))
            return function(*args, **kwargs)

        return wrapper

    return decorate


@lru_cache(maxsize=None)
def swap_last_two(rank):
    """The permutation that swaps the last two of `rank` axes."""
    order = list(range(rank))
    order[-1], order[-2] = order[-2], order[-1]
    return tuple(order)


@lru_cache
def inverse_root(width):
    return float(width) ** -0.5


# %%
def _scores(q, k, scale=None, *, product):
    factor = inverse_root(int(q.shape[-1])) if scale is None else scale
    return product(q, ops.transpose(k, swap_last_two(len(k.shape)))) * factor


attention_scores = partial(_scores, product=ops.matmul)


# %%
@as_tensors(1)
def softmax_rows(scores, axis=-1):
    slices = ops.unstack(scores, axis=axis)
    top = reduce(ops.maximum, slices)
    powers = list(map(lambda s: ops.exp(s - top), slices))
    total = reduce(ops.add, powers)
    return ops.stack([p / total for p in powers], axis=axis)


# %%
@as_tensors(2)
def masked_scores(scores, mask):
    return ops.where(ops.not_equal(ops.cast(mask, "int32"), 0), scores, ops.full_like(scores, -1e9))


# %%
def pipe(start, *functions):
    return reduce(lambda value, function: function(value), functions, start)


@as_tensors(3)
def scaled_dot_product_attention(q, k, v, mask=None):
    steps = [partial(attention_scores, q)]
    if mask is not None:
        steps.append(partial(masked_scores, mask=mask))
    steps.append(softmax_rows)
    weights = pipe(k, *steps)
    return ops.matmul(weights, v), weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        dense = partial(keras.layers.Dense, dim, use_bias=use_bias)
        self.wq, self.wk, self.wv = dense(), dense(), dense()

    def call(self, x, mask=None, return_weights=False):
        out, w = scaled_dot_product_attention(*(layer(x) for layer in (self.wq, self.wk, self.wv)), mask=mask)
        return (out, w) if return_weights else out
