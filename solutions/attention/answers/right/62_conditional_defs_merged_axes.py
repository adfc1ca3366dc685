# %%
import importlib
import sys

ops = importlib.import_module("keras.ops")
keras = sys.modules["keras"]
np = __import__("numpy")

# %%
if hasattr(ops, "einsum") and keras.__version__ >= "3":

    def merge(t):
        """(..., a, b) -> (M, a, b): one leading axis, whatever there was."""
        return ops.reshape(t, (-1,) + tuple(ops.shape(t)[-2:]))

    def attention_scores(q, k, scale=None):
        scale = 1.0 / np.sqrt(float(q.shape[-1])) if scale is None else scale
        s = ops.einsum("mid,mjd->mij", merge(q), merge(k)) * float(scale)
        return ops.reshape(s, tuple(ops.shape(q)[:-1]) + (ops.shape(k)[-2],))

else:

    def attention_scores(q, k, scale=None):
        scale = 1.0 / np.sqrt(float(q.shape[-1])) if scale is None else scale
        return ops.matmul(q, ops.swapaxes(k, -1, -2)) * float(scale)


# %%
def softmax_rows(scores, axis=-1):
    # put the axis last, flatten the rest, work on a plain table, and undo it all
    moved = ops.moveaxis(scores, axis, -1)
    table = ops.reshape(moved, (-1, ops.shape(moved)[-1]))
    table = ops.cast(table, "float64")
    top = ops.top_k(table, 1)[0]
    e = ops.exp(table - top)
    table = e / ops.sum(e, axis=1, keepdims=True)
    table = ops.cast(table, scores.dtype)
    return ops.moveaxis(ops.reshape(table, ops.shape(moved)), -1, axis)


# %%
try:
    _inf = float("inf")
    assert ops.exp(-_inf) == 0
except Exception:

    def masked_scores(scores, mask):
        return ops.where(ops.cast(mask, "bool"), scores, -1e9)

else:

    def masked_scores(scores, mask):
        return ops.where(ops.cast(mask, "bool"), scores, -_inf)


# %%
for _name in ("scaled_dot_product_attention",):

    def _function(q, k, v, mask=None):
        s = attention_scores(q, k)
        if mask is not None:
            s = masked_scores(s, mask)
        w = softmax_rows(s)
        o = ops.matmul(merge(w), merge(v))
        return ops.reshape(o, tuple(ops.shape(q)[:-1]) + (v.shape[-1],)), w

    _function.__name__ = _name
    globals()[_name] = _function

# %%
with np.errstate(all="ignore"):

    class SelfAttention(keras.layers.Layer):
        def __init__(self, dim, use_bias=False, **kwargs):
            super().__init__(**kwargs)
            from keras.layers import Dense as D

            self.wq, self.wk, self.wv = D(dim, use_bias=use_bias), D(dim, use_bias=use_bias), D(dim, use_bias=use_bias)

        if True:

            def call(self, x, mask=None, return_weights=False):
                q, k, v = self.wq(x), self.wk(x), self.wv(x)
                o, w = scaled_dot_product_attention(q, k, v, mask)
                return (o, w) if return_weights else o
