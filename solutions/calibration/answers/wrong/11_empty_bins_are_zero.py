# exercise: reliability_curve
# mistake: bins without images get 0 in place of nan
# %%
import numpy as np


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs, labels = np.asarray(probs), np.asarray(labels)
    sure = probs.max(axis=-1)
    right = probs.argmax(axis=-1) == labels
    confidence, accuracy, count = np.zeros(num_bins), np.zeros(num_bins), np.zeros(num_bins, int)
    for i in range(num_bins):
        inside = (sure > i / num_bins) & (sure <= (i + 1) / num_bins)
        if inside.any():
            confidence[i], accuracy[i], count[i] = sure[inside].mean(), right[inside].mean(), inside.sum()
    return confidence, accuracy, count
