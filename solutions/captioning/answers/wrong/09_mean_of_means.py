# exercise: masked_token_loss
# mistake: averages within each caption first, and then over the captions
# %%
import keras
import numpy as np
from keras import ops


# %%
def masked_token_loss(logits, targets, weights):
    losses = keras.losses.sparse_categorical_crossentropy(targets, logits, from_logits=True)
    weights = ops.cast(weights, losses.dtype)
    each = ops.sum(weights * losses, axis=1) / ops.maximum(ops.sum(weights, axis=1), 1)
    return ops.mean(each)
