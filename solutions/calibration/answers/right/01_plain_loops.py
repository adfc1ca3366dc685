# %%
import math

import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    columns = []
    for k in range(num_classes):
        is_k = ops.cast(ops.equal(labels, k), "float32")
        columns.append(is_k * (1 - epsilon) + epsilon / num_classes)
    return ops.stack(columns, axis=1)


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    log_p = ops.log_softmax(logits, axis=-1)
    num_classes = log_p.shape[-1]
    targets = ops.cast(smooth_labels(labels, num_classes, epsilon), log_p.dtype)
    total = 0.0
    for k in range(num_classes):
        total = total - targets[:, k] * log_p[:, k]
    return ops.mean(total)


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    p_true = 1 - epsilon + epsilon / num_classes
    p_other = epsilon / num_classes
    return math.log(p_true) - math.log(p_other)


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    confidence, right = [], []
    for row, label in zip(ops.convert_to_numpy(probs), ops.convert_to_numpy(labels)):
        choice = 0
        for k in range(len(row)):
            if row[k] > row[choice]:
                choice = k
        confidence.append(float(row[choice]))
        right.append(choice == int(label))
    error = 0.0
    for i in range(num_bins):
        inside = [j for j in range(len(confidence)) if i / num_bins < confidence[j] <= (i + 1) / num_bins]
        if len(inside) == 0:
            continue
        accuracy = sum(right[j] for j in inside) / len(inside)
        mean = sum(confidence[j] for j in inside) / len(inside)
        error += len(inside) / len(confidence) * abs(accuracy - mean)
    return error


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs, labels = ops.convert_to_numpy(probs), ops.convert_to_numpy(labels)
    sums, hits, count = [0.0] * num_bins, [0] * num_bins, [0] * num_bins
    for row, label in zip(probs, labels):
        value, choice = float(row.max()), int(row.argmax())
        for i in range(num_bins):
            if i / num_bins < value <= (i + 1) / num_bins:
                sums[i] += value
                hits[i] += choice == label
                count[i] += 1
    confidence, accuracy = [], []
    for i in range(num_bins):
        confidence.append(sums[i] / count[i] if count[i] else float("nan"))
        accuracy.append(hits[i] / count[i] if count[i] else float("nan"))
    return np.array(confidence), np.array(accuracy), np.array(count)


# %%
def fit_temperature(logits, labels):
    logits = ops.convert_to_numpy(logits)
    best, smallest = None, math.inf
    temperature = 0.2
    while temperature < 15:
        loss = float(smoothed_cross_entropy(logits / temperature, labels, 0.0))
        if loss < smallest:
            best, smallest = temperature, loss
        temperature *= 1.008
    return best


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    gaps, floors = [], []
    for classes in (10, 100, 1000):
        gap = optimal_smoothed_logit_gap(classes, 0.1)
        row = np.zeros((1, classes), "float32")
        row[0, 0] = gap
        gaps.append(gap)
        floors.append(float(smoothed_cross_entropy(row, np.array([0]), 0.1)))
    logits, labels = forecaster()
    errors, bars = [], []
    for temperature in (1, 2):
        probs = ops.convert_to_numpy(ops.softmax(logits / temperature, axis=-1))
        errors.append(expected_calibration_error(probs, labels, 10))
        bars.append(reliability_curve(probs, labels, 10)[1])
    return {
        "gaps": np.array(gaps),
        "floors": np.array(floors),
        "temperature": fit_temperature(logits, labels),
        "errors": np.array(errors),
        "before": bars[0],
        "after": bars[1],
        "answer_1": 0.0222222,
        "answer_2": [1, 0, 0, 1, 0],
    }
