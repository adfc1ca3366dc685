# %%
import math

import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    # a table of all K softened rows, from which each label takes its own
    table = (1 - epsilon) * ops.eye(num_classes) + epsilon / num_classes * ops.ones((num_classes, num_classes))
    return ops.take(table, ops.cast(labels, "int32"), axis=0)


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    log_p = ops.log_softmax(logits, axis=-1)
    targets = smooth_labels(labels, log_p.shape[1], epsilon)
    return -ops.mean(ops.einsum("bk,bk->b", targets, log_p))


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    def logit(p):
        return math.log(p)

    low = epsilon / num_classes
    high = 1 - (num_classes - 1) * low
    return logit(high) - logit(low)


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    confidence, accuracy, count = reliability_curve(probs, labels, num_bins)
    return np.einsum("m,m->", count / count.sum(), np.abs(np.nan_to_num(accuracy) - np.nan_to_num(confidence)))


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs = np.asarray(probs, dtype=np.float64)
    sure = probs.max(axis=-1)
    right = (probs.argmax(axis=-1) == np.asarray(labels)).astype(float)
    upper = np.arange(1, num_bins + 1) / num_bins
    member = np.eye(num_bins)[np.searchsorted(upper, sure, side="left").clip(0, num_bins - 1)]  # (N, M)
    count = np.einsum("nm->m", member)
    with np.errstate(divide="ignore", invalid="ignore"):
        confidence = np.einsum("nm,n->m", member, sure) / count
        accuracy = np.einsum("nm,n->m", member, right) / count
    return confidence, accuracy, count


# %%
def fit_temperature(logits, labels):
    logits = np.asarray(logits, dtype=np.float64)
    hard = np.eye(logits.shape[1])[np.asarray(labels)]

    def loss(log_t):
        z = logits * math.exp(-log_t)
        z = z - z.max(axis=1, keepdims=True)
        return -np.einsum("nk,nk->", hard, z - np.log(np.exp(z).sum(axis=1, keepdims=True)))

    ratio = (math.sqrt(5) - 1) / 2
    a, b = math.log(0.05), math.log(50)
    while b - a > 1e-4:
        c, d = b - ratio * (b - a), a + ratio * (b - a)
        if loss(c) < loss(d):
            b = d
        else:
            a = c
    return math.exp((a + b) / 2)


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    gaps = [optimal_smoothed_logit_gap(k, 0.1) for k in (10, 100, 1000)]
    floors = []
    for gap, k in zip(gaps, (10, 100, 1000), strict=True):
        row = np.eye(k, dtype="float32")[[k - 1]] * np.float32(gap)  # the true class may be any: here it is the last
        floors.append(ops.convert_to_numpy(smoothed_cross_entropy(row, np.array([k - 1]), 0.1)))
    logits, labels = forecaster()
    probs = {name: ops.convert_to_numpy(ops.softmax(logits / t)) for name, t in (("before", 1), ("after", 2))}
    curves = {name: reliability_curve(p, labels, num_bins=10)[1] for name, p in probs.items()}
    errors = np.array([expected_calibration_error(p, labels, num_bins=10) for p in probs.values()])
    answers = {"answer_1": 0.02 * 10 / 9, "answer_2": (1, 0, 0, 1, 0)}
    floors, gaps = np.stack(floors), np.array(gaps)
    return dict(gaps=gaps, floors=floors, temperature=fit_temperature(logits, labels), errors=errors, **curves, **answers)
