# %%
import functools

import numpy as np
from keras import ops


def takes_arrays(function):
    """Turns all arrays among the arguments into NumPy arrays."""

    def plain(value):
        return ops.convert_to_numpy(value) if hasattr(value, "shape") else value

    @functools.wraps(function)
    def wrapped(*args, **kwargs):
        return function(*map(plain, args), **{name: plain(value) for name, value in kwargs.items()})

    return wrapped


def as_float32(function):
    """Turns the first argument into a float32 tensor."""

    @functools.wraps(function)
    def wrapped(logits, *args, **kwargs):
        return function(ops.cast(logits, "float32"), *args, **kwargs)

    return wrapped


# %%
def smooth_labels(labels, num_classes, epsilon):
    even = ops.full((num_classes,), 1 / num_classes)
    hard = ops.one_hot(labels, num_classes)
    return hard + epsilon * (even - hard)


# %%
@as_float32
def smoothed_cross_entropy(logits, labels, epsilon):
    targets = smooth_labels(labels, logits.shape[-1], epsilon)
    top = ops.stop_gradient(ops.max(logits, axis=-1, keepdims=True))
    shifted = logits - top
    log_sum = ops.log(ops.sum(ops.exp(shifted), axis=-1))
    return ops.mean(log_sum - ops.sum(targets * shifted, axis=-1))


# %%
@functools.lru_cache
def optimal_smoothed_logit_gap(num_classes, epsilon):
    return float(np.log1p(num_classes / epsilon - num_classes))


# %%
@takes_arrays
def reliability_curve(probs, labels, num_bins=10):
    sure = probs.max(axis=1).astype("float64")
    right = probs.argmax(axis=1) == labels
    edges = [i / num_bins for i in range(num_bins + 1)]
    place = np.digitize(sure, edges, right=True) - 1
    # a softmax in float32 may say 1.0000001
    place = np.minimum(place, num_bins - 1)
    count = np.bincount(place, minlength=num_bins)
    empty = count == 0
    some = np.where(empty, 1, count)
    confidence = np.bincount(place, weights=sure, minlength=num_bins) / some
    accuracy = np.bincount(place, weights=right, minlength=num_bins) / some
    confidence[empty] = accuracy[empty] = np.nan
    return confidence, accuracy, count


# %%
@takes_arrays
def expected_calibration_error(probs, labels, num_bins=10):
    confidence, accuracy, count = reliability_curve(probs, labels, num_bins)
    full = count > 0
    return np.average(np.abs(accuracy - confidence)[full], weights=count[full])


# %%
@takes_arrays
def fit_temperature(logits, labels):
    logits = logits.astype("float64")
    own = logits[np.arange(len(labels)), labels].mean()

    def slope(beta):  # of the loss, by the inverse temperature
        z = beta * logits
        p = np.exp(z - z.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        return (p * logits).sum(axis=1).mean() - own

    low, high = 1 / 50, 20.0
    while high / low > 1.0001:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if slope(middle) > 0 else (middle, high)
    return 1 / middle


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    @functools.cache
    def said(divisor):
        logits, labels = forecaster()
        return ops.softmax(logits / divisor, axis=-1), labels

    def floor(k):
        row = ops.one_hot(np.array([0]), k) * optimal_smoothed_logit_gap(k, 0.1)
        return float(smoothed_cross_entropy(row, np.array([0]), 0.1))

    result = {}
    result["gaps"] = np.fromiter((optimal_smoothed_logit_gap(k, 0.1) for k in (10, 100, 1000)), float)
    result["floors"] = np.fromiter(map(floor, (10, 100, 1000)), float)
    result["temperature"] = fit_temperature(*forecaster())
    result["errors"] = np.fromiter((expected_calibration_error(*said(t), num_bins=10) for t in (1, 2)), float)
    result["before"], result["after"] = (reliability_curve(*said(t), num_bins=10)[1] for t in (1, 2))
    result["answer_1"], result["answer_2"] = 0.022222, np.array([1, 0, 0, 1, 0])
    return result
