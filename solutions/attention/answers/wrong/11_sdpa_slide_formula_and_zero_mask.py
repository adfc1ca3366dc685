# exercise: scaled_dot_product_attention
# mistake: Two mistakes: copies the slide's exp(q k)/sqrt(k) so that the scale cancels in the fraction, and masks by setting scores to 0, which still gives exp(0) = 1.
# %%
import keras
from keras import ops
import numpy as np

# %%
def scaled_dot_product_attention(q, k, v, mask=None):
    q = ops.convert_to_tensor(q)
    k = ops.convert_to_tensor(k)
    v = ops.convert_to_tensor(v)
    root = float(np.sqrt(q.shape[-1]))
    qk = ops.matmul(q, ops.swapaxes(k, -2, -1))
    if mask is not None:
        qk = qk * ops.cast(mask, qk.dtype)       # no attention where mask is 0
    qk = qk - ops.max(qk, axis=-1, keepdims=True)
    top = ops.exp(qk) / root
    bottom = ops.sum(ops.exp(qk) / root, axis=-1, keepdims=True)
    w = top / bottom
    return ops.matmul(w, v), w
