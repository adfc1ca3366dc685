# exercise: softmax_rows
# mistake: two at once: no shift, the inf/inf is only hidden with nan_to_num; and the axis argument is ignored.
# %%
import keras
from keras import ops
import numpy as np

# %%
def softmax_rows(scores, axis=-1):
    e = ops.exp(scores)
    p = e / ops.sum(e, axis=-1, keepdims=True)
    return ops.nan_to_num(p, nan=1.0)
