# exercise: scaled_dot_product_attention
# mistake: two at once: divides by d instead of sqrt(d), and sets forbidden scores to 0 before the softmax.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    s = ops.matmul(q, ops.swapaxes(k, -1, -2)) / q.shape[-1]
    if mask is not None:
        s = ops.where(ops.cast(mask, "bool"), s, 0.0)
    w = softmax_rows(s)
    return ops.matmul(w, v), w
