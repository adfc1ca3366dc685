# exercise: axial_attention
# mistake: for axis 1 the sequence length is copied from axis 2, so the turned grid is cut into pieces of W tokens, not H

# %%
import keras
import numpy as np
from keras import ops

# %%
def axial_attention(x, axis, attn):
    x = ops.convert_to_tensor(x)
    _, h, w, c = x.shape
    if axis == 2:
        t = ops.reshape(x, (-1, w, c))
        t = attn(t)
        return ops.reshape(t, (-1, h, w, c))
    x = ops.transpose(x, (0, 2, 1, 3))
    t = ops.reshape(x, (-1, w, c))
    t = attn(t)
    t = ops.reshape(t, (-1, w, h, c))
    return ops.transpose(t, (0, 2, 1, 3))
