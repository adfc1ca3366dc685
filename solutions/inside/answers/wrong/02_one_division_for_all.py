# exercise: mean_attention_distance
# mistake: divides once by the sum over all queries and images, instead of each row by its own sum
# %%
import numpy as np
from keras import ops
from vitlab import check, checkpoints, data, demo, plots


# %%
def mean_attention_distance(weights, grid, patch_size, num_extra_tokens=1):
    w = ops.cast(weights, "float64")[:, :, num_extra_tokens:, num_extra_tokens:]
    rows, columns = grid
    y, x = np.divmod(np.arange(rows * columns), columns)
    distances = patch_size * np.sqrt((y[:, None] - y[None, :]) ** 2 + (x[:, None] - x[None, :]) ** 2)
    far = ops.sum(w * ops.convert_to_tensor(distances, "float64"), axis=(0, 2, 3))
    return far / ops.sum(w, axis=(0, 2, 3))
