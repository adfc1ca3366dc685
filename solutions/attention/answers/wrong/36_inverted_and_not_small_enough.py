# exercise: masked_scores
# mistake: two at once: takes 1 for "hide this entry", and the penalty is only -1e6.
# %%
import keras
from keras import ops
import numpy as np

# %%
def masked_scores(scores, mask):
    hide = ops.cast(mask, "float32")
    return scores - 1e6 * hide
