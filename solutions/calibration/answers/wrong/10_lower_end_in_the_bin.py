# exercise: expected_calibration_error
# mistake: bins by floor, so the lower end belongs to the bin and the upper one does not
# %%
import numpy as np


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    probs, labels = np.asarray(probs), np.asarray(labels)
    confidence = probs.max(axis=-1)
    right = probs.argmax(axis=-1) == labels
    place = np.floor(confidence * num_bins).astype(int)
    place = np.minimum(place, num_bins - 1)  # a confidence of 1
    error = 0.0
    for i in np.unique(place):
        inside = place == i
        error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error
