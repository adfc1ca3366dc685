# exercise: figure
# mistake: params counts the new token and its head, but not its row in the table of positions
# %%
import keras
import numpy as np
from keras import ops


# %%
def figure():
    t = np.array([1.0, 2.0, 4.0, 8.0])
    powers = np.exp((np.array([14.0, 12.0, 6.0]) - 14) / t[:, None])
    soft = powers / powers.sum(axis=1, keepdims=True)
    pull = (soft[:, 0] - 1 / 3) / t
    width = np.array([192, 384, 768])
    return {
        "soft": soft,
        "pull": np.stack([pull, t**2 * pull]),
        "params": np.array([5_717_416, 22_050_664, 86_567_656]) + width + 1000 * width + 1000,
        "answer_1": 0.1 * np.log(10),
        "answer_2": [1, 0, 1, 1, 0],
    }
