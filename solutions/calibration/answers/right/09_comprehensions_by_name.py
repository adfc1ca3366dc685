# %%
import math
from functools import partial

import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    # the softened row is an expectation: with probability epsilon the label is replaced by any of the K
    hard = ops.one_hot(labels, num_classes)
    replaced = sum(ops.one_hot(ops.full_like(labels, k), num_classes) for k in range(num_classes)) / num_classes
    return (1 - epsilon) * hard + epsilon * replaced


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    log_p = ops.log_softmax(x=logits, axis=1)
    targets = smooth_labels(epsilon=epsilon, num_classes=log_p.shape[1], labels=labels)
    targets = ops.cast(targets, dtype=log_p.dtype)
    return -ops.mean(ops.matmul(targets[:, None, :], log_p[:, :, None]))


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    true, *others = [math.log((1 - epsilon) * (k == 0) + epsilon / num_classes) for k in range(num_classes)]
    return true - others[0]


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs, labels = np.asarray(probs, float), np.asarray(labels)
    pairs = [(max(row), bool(np.argmax(row) == label)) for row, label in zip(probs, labels)]
    ends = [(i / num_bins, (i + 1) / num_bins) for i in range(num_bins)]
    bins = [[pair for pair in pairs if low < pair[0] <= high] for low, high in ends]
    means = [np.mean(b, axis=0) if b else (math.nan, math.nan) for b in bins]
    confidence, accuracy = zip(*means)
    return np.array(confidence), np.array(accuracy), np.array([len(b) for b in bins])


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    rows = zip(*reliability_curve(num_bins=num_bins, labels=labels, probs=probs))
    return sum(n * abs(acc - conf) for conf, acc, n in rows if n > 0) / len(labels)


# %%
def fit_temperature(logits, labels):
    logits = np.asarray(logits, dtype="float32")
    loss = partial(smoothed_cross_entropy, labels=labels, epsilon=0)

    def at(exponent):
        return float(loss(logits=logits / np.float32(math.exp(exponent))))

    # walk downhill, with smaller and smaller steps
    place, step = 0.0, 0.5
    here = at(place)
    while step > 0.002:
        for new in (place - step, place + step):
            if (there := at(new)) < here:
                place, here = new, there
                break
        else:
            step /= 2
    return math.exp(place)


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    gaps = {k: optimal_smoothed_logit_gap(epsilon=0.1, num_classes=k) for k in (10, 100, 1000)}
    rows = {k: np.array([[gap] + [0.0] * (k - 1)], dtype="float32") for k, gap in gaps.items()}
    floors = [float(smoothed_cross_entropy(epsilon=0.1, labels=np.array([0]), logits=row)) for row in rows.values()]
    logits, labels = forecaster(seed=5, count=400)
    probs = [ops.convert_to_numpy(ops.softmax(logits / t, axis=-1)) for t in (1, 2)]
    accuracies = [reliability_curve(num_bins=10, probs=p, labels=labels)[1] for p in probs]
    return {
        "answer_2": [int(statement in (1, 4)) for statement in range(1, 6)],
        "answer_1": (1 - 0.98) / (1 - 1 / 10),
        "after": accuracies[1],
        "before": accuracies[0],
        "errors": np.array([expected_calibration_error(num_bins=10, probs=p, labels=labels) for p in probs]),
        "temperature": fit_temperature(labels=labels, logits=logits),
        "floors": np.array(floors),
        "gaps": np.array([*gaps.values()]),
    }
