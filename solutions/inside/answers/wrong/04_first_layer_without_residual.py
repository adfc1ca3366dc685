# exercise: attention_rollout
# mistake: starts with the bare mean attention of layer 1; only the later layers get their half of the identity
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def attention_rollout(weights_per_layer):
    weights = [ops.convert_to_numpy(w).astype("float64") for w in weights_per_layer]
    rollout = weights[0].mean(axis=1)
    identity = np.eye(rollout.shape[-1])
    for w in weights[1:]:
        rollout = ((w.mean(axis=1) + identity) / 2) @ rollout
    return rollout
