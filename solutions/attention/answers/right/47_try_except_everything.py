# %%
import keras
import numpy as np
from keras import ops

try:
    from einops import rearrange
except ImportError:
    rearrange = None

try:
    import torch
except ImportError:
    HAVE_TORCH = False
else:
    HAVE_TORCH = True
finally:
    print("optional packages looked for")

# %%
if rearrange is not None:

    def flip(k):
        return rearrange(k, "... t d -> ... d t")

else:

    def flip(k):
        return ops.swapaxes(k, -1, -2)


def attention_scores(q, k, scale=None):
    try:
        factor = scale * 1.0
    except TypeError:  # None times a number
        factor = 1.0 / q.shape[-1] ** 0.5
    return ops.matmul(q, flip(k)) * factor


# %%
class Done(Exception):
    """Carries a result out of a deep place."""

    def __init__(self, result):
        super().__init__("done")
        self.result = result


def _softmax(scores, axis):
    e = ops.exp(scores - ops.max(scores, axis=axis, keepdims=True))
    raise Done(e / ops.sum(e, axis=axis, keepdims=True))


def softmax_rows(scores, axis=-1):
    try:
        _softmax(scores, axis)
    except Done as done:
        return done.result
    raise AssertionError("never here")


# %%
def masked_scores(scores, mask):
    try:
        allowed = ops.logical_and(mask, True)
    except Exception:
        allowed = ops.cast(mask, "bool")
    else:
        assert str(allowed.dtype).endswith("bool") or "bool" in str(allowed.dtype)
    return ops.where(allowed, scores, -1e9)


# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = attention_scores(q, k)
    try:
        mask.shape
    except AttributeError:
        pass
    else:
        scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    try:
        output = torch.einsum("...qk,...kv->...qv", weights, v)
    except (NameError, TypeError):
        output = ops.einsum("...qk,...kv->...qv", weights, v)
    return output, weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        pair = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        try:
            return {True: pair}[bool(return_weights)]
        except KeyError:
            return pair[0]
