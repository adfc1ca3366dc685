# %%
import keras
from keras import ops
import numpy as np

# %%
import functools
from functools import partial, reduce
import operator

def tensors(*names):
    """decorator: turn the leading positional arguments into tensors"""
    def deco(fn):
        @functools.wraps(fn)
        def inner(*args, **kw):
            args = [ops.convert_to_tensor(a) if i < len(names) and a is not None else a for i, a in enumerate(args)]
            kw = {n: (ops.convert_to_tensor(a) if n in names and a is not None else a) for n, a in kw.items()}
            return fn(*args, **kw)
        return inner
    return deco

# %%
default_scale = lambda d: reduce(operator.truediv, [1.0, d ** 0.5])

@tensors("q", "k")
def attention_scores(q, k, scale=None):
    s = default_scale(q.shape[-1]) if scale is None else scale
    times = lambda t: t * s
    return times(q) @ ops.moveaxis(k, -1, -2)

# %%
softmax_rows = lambda scores, axis=-1: (
    lambda e: e / ops.sum(e, axis=axis, keepdims=True)
)(ops.exp(scores - ops.max(scores, axis=axis, keepdims=True)))

# %%
def make_masker(value):
    def masked(scores, mask):
        return ops.where(ops.cast(mask, "bool"), scores, value)
    return masked

masked_scores = make_masker(-1e10)

# %%
def _attention(q, k, v, mask=None, *, softmax, masker):
    steps = [partial(masker, mask=mask)] if mask is not None else []
    steps.append(softmax)
    weights = reduce(lambda s, f: f(s), steps, attention_scores(q, k))
    return weights @ ops.convert_to_tensor(v), weights

scaled_dot_product_attention = partial(_attention, softmax=partial(softmax_rows, axis=-1), masker=masked_scores)

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        proj = partial(keras.layers.Dense, dim, use_bias=use_bias)
        self.wq, self.wk, self.wv = (proj(name=n) for n in ("wq", "wk", "wv"))

    def call(self, x, mask=None, return_weights=False):
        result = scaled_dot_product_attention(*map(lambda w: w(x), (self.wq, self.wk, self.wv)), mask=mask)
        return {False: lambda: result[0], True: lambda: tuple(result)}[bool(return_weights)]()
