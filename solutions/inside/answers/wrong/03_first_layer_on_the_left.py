# exercise: attention_rollout
# mistake: multiplies each next layer from the right, so the product has the layers in the opposite order
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def attention_rollout(weights_per_layer):
    rollout = None
    for weights in weights_per_layer:
        a = ops.mean(ops.cast(weights, "float32"), axis=1)
        a = (a + ops.eye(a.shape[-1])) / 2
        rollout = a if rollout is None else ops.matmul(rollout, a)
    return rollout
