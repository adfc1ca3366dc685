# %%
import keras
from keras import ops
import numpy as np

# %%
# e_ij = sum_c q_ic k_jc / sqrt(d), written just like on the slide: make both (..., Tq, Tk, d) and sum the last axis
def attention_scores(q, k, scale=None):
    if scale is None:
        scale = np.float32(q.shape[-1]) ** -0.5
    qi = ops.expand_dims(q, -2)      # (..., Tq, 1, d)
    kj = ops.expand_dims(k, -3)      # (..., 1, Tk, d)
    return scale * ops.sum(qi * kj, axis=-1)

# %%
# a_i = 1 / sum_j exp(x_j - x_i): only differences, so no maximum is needed.
# exp may give inf for a very small x_i, but 1 / inf = 0 which is the right answer
def softmax_rows(scores, axis=-1):
    x = ops.moveaxis(ops.convert_to_tensor(scores), axis, -1)
    x = ops.maximum(x, -1e30)        # -inf minus -inf would be nan
    diff = x[..., None, :] - x[..., :, None]
    a = 1.0 / ops.sum(ops.exp(diff), axis=-1)
    return ops.moveaxis(a, -1, axis)

# %%
def masked_scores(scores, mask):
    m = ops.cast(mask, "float32")
    keep = scores * m
    drop = -1e9 * (1 - m)
    return keep + drop

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    e = attention_scores(q, k)
    if mask is not None:
        e = masked_scores(e, mask)
    a = keras.activations.softmax(e, axis=-1)
    # y_i = sum_j a_ij v_j
    y = ops.sum(a[..., None] * ops.expand_dims(v, -3), axis=-2)
    return (y, a)

# %%
class SelfAttention(keras.layers.Layer):
    def __init__(self, dim, use_bias=False, **kwargs):
        super().__init__(**kwargs)
        for letter in "qkv":
            setattr(self, "w" + letter, keras.layers.Dense(dim, use_bias=use_bias, kernel_initializer="he_normal"))

    def call(self, x, mask=None, return_weights=False):
        qkv = {letter: getattr(self, "w" + letter)(x) for letter in "qkv"}
        y, a = scaled_dot_product_attention(**qkv, mask=mask)
        return [y, a] if return_weights else y
