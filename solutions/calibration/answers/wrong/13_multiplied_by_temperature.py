# exercise: fit_temperature
# mistake: the logits are multiplied by T, so that 1 / T is found
# %%
import numpy as np


# %%
def fit_temperature(logits, labels):
    tried = np.geomspace(0.05, 50, 700)
    losses = [float(smoothed_cross_entropy(logits * np.float32(t), labels, 0.0)) for t in tried]
    return float(tried[np.argmin(losses)])
