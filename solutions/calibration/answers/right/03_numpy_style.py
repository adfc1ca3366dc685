# %%
import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    labels = np.asarray(labels)
    targets = np.full((len(labels), num_classes), epsilon / num_classes, dtype="float32")
    targets[np.arange(len(labels)), labels] += 1 - epsilon
    return targets


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    # smooth_labels is NumPy, which training cannot use, so the targets are made again, from ops
    log_p = ops.log_softmax(logits, axis=-1)
    hard = ops.one_hot(ops.cast(labels, "int32"), log_p.shape[-1], dtype=log_p.dtype)
    losses = -(1 - epsilon) * ops.sum(hard * log_p, axis=-1) - epsilon * ops.mean(log_p, axis=-1)
    return ops.mean(losses)


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    return np.log((num_classes - (num_classes - 1) * epsilon) / epsilon)


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    probs = np.asarray(probs, "float64")
    confidence, right = probs.max(1), probs.argmax(1) == np.asarray(labels)
    edges = np.arange(num_bins + 1) / num_bins
    inside = (confidence > edges[:-1, None]) & (confidence <= edges[1:, None])  # (M, N)
    return np.abs(inside @ (right - confidence)).sum() / len(confidence)


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs = np.asarray(probs, "float64")
    sure, right = probs.max(1), probs.argmax(1) == np.asarray(labels)
    edges = np.arange(num_bins + 1) / num_bins
    inside = (sure > edges[:-1, None]) & (sure <= edges[1:, None])
    count = inside.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return inside @ sure / count, inside @ right.astype(float) / count, count


# %%
def fit_temperature(logits, labels):
    logits, labels = np.asarray(logits, "float64"), np.asarray(labels)
    temperatures = np.geomspace(0.05, 50, 900)
    losses = np.empty_like(temperatures)
    for i, t in enumerate(temperatures):
        z = logits / t
        z = z - z.max(axis=1, keepdims=True)
        losses[i] = (np.log(np.exp(z).sum(axis=1)) - z[np.arange(len(z)), labels]).mean()
    return temperatures[losses.argmin()]


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    def softmax(z):
        z = np.exp(z - z.max(axis=-1, keepdims=True))
        return z / z.sum(axis=-1, keepdims=True)

    numbers = {"answer_1": 0.02222, "answer_2": [True, False, False, True, False]}
    numbers["answer_2"] = [int(x) for x in numbers["answer_2"]]
    numbers["gaps"] = optimal_smoothed_logit_gap(np.array([10, 100, 1000]), 0.1)
    rows = [np.pad([[gap]], [(0, 0), (0, k - 1)]) for gap, k in zip(numbers["gaps"], (10, 100, 1000))]
    numbers["floors"] = np.array([smoothed_cross_entropy(row.astype("float32"), np.array([0]), 0.1) for row in rows])
    logits, labels = forecaster()
    numbers["temperature"] = fit_temperature(logits, labels)
    both = [softmax(logits), softmax(logits / 2)]
    numbers["errors"] = np.array([expected_calibration_error(p, labels) for p in both])
    numbers["before"], numbers["after"] = (reliability_curve(p, labels)[1] for p in both)
    return numbers
