# exercise: fit_temperature
# mistake: the loss that is made small has epsilon 0.1 in place of 0
# %%
import numpy as np


# %%
def fit_temperature(logits, labels):
    tried = np.geomspace(0.05, 50, 700)
    losses = [float(smoothed_cross_entropy(logits / np.float32(t), labels, 0.1)) for t in tried]
    return float(tried[np.argmin(losses)])
