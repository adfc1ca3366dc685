# exercise: softmax_rows
# mistake: clips large scores to 80 instead of shifting, finite but all large scores become equal.
# %%
import keras
from keras import ops
import numpy as np

# %%
def softmax_rows(scores, axis=-1):
    # exp(89) is inf in float32
    s = ops.clip(scores, -80.0, 80.0)
    e = ops.exp(s)
    return e / ops.sum(e, axis=axis, keepdims=True)
