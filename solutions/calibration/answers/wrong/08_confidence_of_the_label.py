# exercise: expected_calibration_error
# mistake: the confidence is the probability of the true label in place of the model's own choice
# %%
import numpy as np


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    probs, labels = np.asarray(probs), np.asarray(labels)
    confidence = probs[np.arange(len(labels)), labels]
    right = probs.argmax(axis=-1) == labels
    error = 0.0
    for i in range(num_bins):
        inside = (confidence > i / num_bins) & (confidence <= (i + 1) / num_bins)
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error
