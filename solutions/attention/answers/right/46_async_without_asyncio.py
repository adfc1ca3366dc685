# %%
import keras
import numpy as np
from keras import ops

# %%
def run_now(coroutine):
    """Drive a coroutine to its end without an event loop."""
    try:
        while True:
            coroutine.send(None)
    except StopIteration as finished:
        return finished.value


class pause:
    def __await__(self):
        yield


# %%
async def compare(q, k, scale):
    await pause()
    if scale is None:
        scale = 1 / q.shape[-1] ** 0.5
    return scale * ops.matmul(q, ops.swapaxes(k, -1, -2))


def attention_scores(q, k, scale=None):
    return run_now(compare(q, k, scale))


# %%
async def biggest(s, axis):
    await pause()
    return ops.stop_gradient(ops.max(s, axis=axis, keepdims=True))


async def soft(s, axis):
    e = ops.exp(s - await biggest(s, axis))
    await pause()
    return e / ops.sum(e, axis=axis, keepdims=True)


def softmax_rows(scores, axis=-1):
    return run_now(soft(scores, axis))


# %%
def masked_scores(scores, mask):
    async def choose():
        await pause()
        return ops.where(ops.cast(mask, "bool"), scores, -1e9)

    return run_now(choose())


# %%
# a notebook cell may await at top level
weights_of_the_slide = await soft(ops.convert_to_tensor([[14.0, 12.0]]), -1)
print(weights_of_the_slide)


# %%
async def attend(q, k, v, mask):
    s = await compare(q, k, None)
    if mask is not None:
        s = masked_scores(s, mask)
    w = await soft(s, -1)
    return ops.matmul(w, v), w


def scaled_dot_product_attention(q, k, v, mask=None):
    return run_now(attend(q, k, v, mask))


# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        self.wq = keras.layers.Dense(dim, use_bias=use_bias)
        self.wk = keras.layers.Dense(dim, use_bias=use_bias)
        self.wv = keras.layers.Dense(dim, use_bias=use_bias)

    def call(self, x, mask=None, return_weights=False):
        async def everything():
            return await attend(self.wq(x), self.wk(x), self.wv(x), mask)

        output, weights = run_now(everything())
        if return_weights:
            return output, weights
        return output
