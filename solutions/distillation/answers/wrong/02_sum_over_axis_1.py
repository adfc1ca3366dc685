# exercise: soft_targets
# mistake: an own softmax with axis 1 in place of the last axis, right for (B, K) alone
# %%
import keras
import numpy as np
from keras import ops


# %%
def soft_targets(logits, temperature):
    z = ops.convert_to_tensor(logits) / temperature
    axis = 1 if len(z.shape) > 1 else 0
    powers = ops.exp(z - ops.max(z, axis=axis, keepdims=True))
    return powers / ops.sum(powers, axis=axis, keepdims=True)
