# exercise: padding_mask
# mistake: the new axes at the wrong places, (B, 1, T, 1): hides padding that asks, not padding that is read
# %%
import keras
import numpy as np
from keras import ops


# %%
def padding_mask(token_ids, pad_id=0):
    return ops.not_equal(token_ids, pad_id)[:, None, :, None]
