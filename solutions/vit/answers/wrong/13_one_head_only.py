# exercise: vit_param_count
# mistake: the head is counted once, not once for each extra token
# %%
import keras
import numpy as np
from keras import ops


# %%
def vit_param_count(image_size, patch_size, num_classes, dim, depth, mlp_dim, extra_tokens=1, channels=3):
    patches = (image_size // patch_size) ** 2
    embed = patch_size * patch_size * channels * dim + dim
    tokens = extra_tokens * dim
    positions = (patches + extra_tokens) * dim
    attention = 4 * (dim * dim + dim)
    mlp = dim * mlp_dim + mlp_dim + mlp_dim * dim + dim
    norms = 2 * 2 * dim
    last_norm = 2 * dim
    head = dim * num_classes + num_classes
    return embed + tokens + positions + depth * (attention + mlp + norms) + last_norm + head
