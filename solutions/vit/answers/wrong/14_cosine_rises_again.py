# exercise: warmup_cosine
# mistake: no clip after total_steps, so the cosine rises again
# %%
import keras
import numpy as np
from keras import ops


# %%
def warmup_cosine(step, base_lr, warmup_steps, total_steps):
    step = ops.cast(step, "float32")
    up = base_lr * step / max(warmup_steps, 1)
    progress = (step - warmup_steps) / (total_steps - warmup_steps)
    down = base_lr * (1 + ops.cos(np.pi * progress)) / 2
    return ops.where(step < warmup_steps, up, down)
