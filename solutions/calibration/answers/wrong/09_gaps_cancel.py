# exercise: expected_calibration_error
# mistake: the absolute value is taken once, of the sum over the bins, so gaps of opposite sign cancel
# %%
import numpy as np


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    probs, labels = np.asarray(probs), np.asarray(labels)
    confidence = probs.max(axis=-1)
    right = probs.argmax(axis=-1) == labels
    error = 0.0
    for i in range(num_bins):
        inside = (confidence > i / num_bins) & (confidence <= (i + 1) / num_bins)
        if inside.any():
            error += inside.mean() * (confidence[inside].mean() - right[inside].mean())
    return abs(error)
