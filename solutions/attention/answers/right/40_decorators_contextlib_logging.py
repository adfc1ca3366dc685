# %%
import contextlib
import functools
import logging
import time
import warnings

import keras
import numpy as np
from keras import ops

logging.basicConfig(level=logging.INFO)
log = logging.getLogger("attention")
TIMES = {}

# %%
@contextlib.contextmanager
def stopwatch(name):
    begin = time.perf_counter()
    try:
        yield TIMES.setdefault(name, [])
    finally:
        TIMES[name].append(time.perf_counter() - begin)
        log.debug("%s took %.1f ms", name, 1000 * TIMES[name][-1])


def logged(level=logging.DEBUG, *, timed=True):
    def decorator(f):
        @functools.wraps(f)
        def inner(*args, **kwargs):
            log.log(level, "calling %s", f.__name__)
            with stopwatch(f.__name__) if timed else contextlib.nullcontext():
                return f(*args, **kwargs)

        return inner

    return decorator


# %%
@logged()
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = 1 / np.sqrt(q.shape[-1], dtype="float32")
    elif scale == 0:
        warnings.warn("a scale of 0 makes all scores equal", stacklevel=2)
    kt = ops.swapaxes(k, -2, -1)
    print("scores:", q.shape, "x", kt.shape)
    return ops.matmul(q, kt) * scale


# %%
@logged(logging.INFO, timed=False)
def softmax_rows(scores, axis=-1):
    with contextlib.ExitStack() as stack:
        stack.enter_context(stopwatch("exp"))
        e = ops.exp(scores - ops.max(scores, axis, keepdims=True))
    return e / ops.sum(e, axis, keepdims=True)


# %%
@logged(timed=False)
def masked_scores(scores, mask):
    return ops.where(ops.cast(mask, dtype="bool"), scores, float("-inf"))


# %%
@logged()
def scaled_dot_product_attention(q, k, v, mask=None):
    with stopwatch("scores"):
        scores = attention_scores(q, k)
    with contextlib.suppress(TypeError):
        if mask is not None:
            scores = masked_scores(scores, mask)
    weights = softmax_rows(scores)
    return ops.matmul(weights, v), weights


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    @logged(logging.INFO)
    def call(self, x, mask=None, return_weights=False):
        with stopwatch("layer"):
            out, w = scaled_dot_product_attention(self.wq(x), self.wk(x), self.wv(x), mask)
        if return_weights:
            return out, w
        return out
