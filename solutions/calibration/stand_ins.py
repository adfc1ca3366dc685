"""Right answers over Keras's public API, used in place of a failed exercise when a later one calls it.

They travel into the sandbox as text, so they hold nothing that Keras's documentation does not.
"""

STAND_INS = {
    "smooth_labels": """
def smooth_labels(labels, num_classes, epsilon):
    import keras
    rows = keras.utils.to_categorical(keras.ops.convert_to_numpy(labels), num_classes).astype("float32")
    even = keras.ops.full_like(rows, 1.0 / num_classes)
    return keras.ops.add(keras.ops.multiply(rows, 1.0 - epsilon), keras.ops.multiply(even, epsilon))
""",
    "smoothed_cross_entropy": """
def smoothed_cross_entropy(logits, labels, epsilon):
    import keras
    logits = keras.ops.convert_to_tensor(logits)
    plain = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(labels, logits)
    even = keras.ops.full_like(logits, 1.0 / logits.shape[-1])
    uniform = keras.losses.CategoricalCrossentropy(from_logits=True)(even, logits)
    return plain + epsilon * (uniform - plain)
""",
    "optimal_smoothed_logit_gap": """
def optimal_smoothed_logit_gap(num_classes, epsilon):
    import keras
    share = epsilon / num_classes
    return float(keras.ops.subtract(keras.ops.log(1.0 - epsilon + share), keras.ops.log(share)))
""",
    "expected_calibration_error": """
def expected_calibration_error(probs, labels, num_bins=10):
    import keras
    import numpy as np
    probs, labels = (np.asarray(keras.ops.convert_to_numpy(values)) for values in (probs, labels))
    sure = np.max(probs, axis=-1)
    good = np.equal(np.argmax(probs, axis=-1), labels)
    place = np.digitize(sure, [i / num_bins for i in range(1, num_bins)], right=True)
    return float(np.sum(np.abs(np.bincount(place, np.subtract(good, sure, dtype="float64")))) / np.size(sure))
""",
    "reliability_curve": """
def reliability_curve(probs, labels, num_bins=10):
    import keras
    import numpy as np
    probs, labels = (np.asarray(keras.ops.convert_to_numpy(values)) for values in (probs, labels))
    sure = np.max(probs, axis=-1)
    good = np.equal(np.argmax(probs, axis=-1), labels)
    place = np.digitize(sure, [i / num_bins for i in range(1, num_bins)], right=True)
    count = np.bincount(place, minlength=num_bins)
    lines = [np.bincount(place, weights, num_bins) for weights in (sure, good)]
    with np.errstate(invalid="ignore"):
        return lines[0] / count, lines[1] / count, count
""",
    "fit_temperature": """
def fit_temperature(logits, labels):
    import keras
    import numpy as np
    logits, labels = (keras.ops.convert_to_numpy(values) for values in (logits, labels))
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    low, high = 0.05, 50.0
    for _ in range(3):
        tried = np.geomspace(low, high, 25)
        place = int(np.argmin([float(loss(labels, logits / t)) for t in tried]))
        low, high = tried[max(place - 1, 0)], tried[min(place + 1, 24)]
    return float(tried[place])
""",
}
