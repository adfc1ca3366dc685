# exercise: reliability_curve
# mistake: num_bins edges in place of num_bins + 1, so there is one bin fewer and all are too wide
# %%
import numpy as np


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs, labels = np.asarray(probs), np.asarray(labels)
    sure = probs.max(axis=-1)
    right = probs.argmax(axis=-1) == labels
    edges = np.linspace(0, 1, num_bins)
    confidence, accuracy, count = [], [], []
    for low, high in zip(edges[:-1], edges[1:]):
        inside = (sure > low) & (sure <= high)
        confidence.append(sure[inside].mean() if inside.any() else np.nan)
        accuracy.append(right[inside].mean() if inside.any() else np.nan)
        count.append(inside.sum())
    return np.array(confidence), np.array(accuracy), np.array(count)
