# %%
import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    labels = ops.reshape(ops.cast(labels, "int32"), (-1, 1))
    ids = ops.arange(num_classes, dtype="int32")[None, :]
    distance = ops.abs(labels - ids)
    hard = ops.cast(1 - ops.minimum(distance, 1), "float32")
    unnormed = hard * (num_classes * (1 - epsilon)) + epsilon
    return unnormed / num_classes


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    """-sum_k target_k (z_k - lse) = lse - (1 - epsilon) z_true - epsilon mean(z), since the targets sum to 1."""
    z = ops.convert_to_tensor(logits)
    z = z - ops.stop_gradient(ops.max(z, axis=-1, keepdims=True))
    true = ops.take_along_axis(z, ops.cast(labels, "int32")[:, None], axis=-1)[:, 0]
    return ops.mean(ops.logsumexp(z, axis=-1) - (1 - epsilon) * true - epsilon * ops.mean(z, axis=-1))


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    """Where the slope of the loss is 0, the softmax of the true class is its target."""
    target = 1 - epsilon + epsilon / num_classes
    # p / (1 - p) = exp(gap) / (K - 1)
    odds = target / (1 - target)
    return np.log(odds) + np.log(num_classes - 1)


# %%
def _sorted_bins(probs, labels, num_bins):
    probs = ops.convert_to_numpy(probs).astype(np.float64)
    confidence = np.sort(probs, axis=1)[:, -1]
    right = (np.argmax(probs, axis=1) == ops.convert_to_numpy(labels)).astype(np.float64)
    order = np.argsort(confidence)
    confidence, right = confidence[order], right[order]
    edges = np.array([i / num_bins for i in range(num_bins + 1)])
    ends = np.searchsorted(confidence, edges, side="right")
    ends[-1] = len(confidence)
    sums = [np.diff(np.r_[0.0, np.cumsum(x)][ends]) for x in (confidence, right)]
    return *sums, np.diff(ends)


def expected_calibration_error(probs, labels, num_bins=10):
    confidence, right, count = _sorted_bins(probs, labels, num_bins)
    return np.linalg.norm(right - confidence, ord=1) / count.sum()


# %%
def reliability_curve(probs, labels, num_bins=10):
    confidence, right, count = _sorted_bins(probs, labels, num_bins)
    result = np.full((2, num_bins), np.nan)
    np.divide([confidence, right], count, out=result, where=np.stack([count, count]) > 0)
    return result[0], result[1], count


# %%
def fit_temperature(logits, labels):
    """Newton in b = 1 / T, in which the loss is convex: slope E_p[z] - z_true, curvature Var_p[z]."""
    z = ops.convert_to_numpy(logits).astype(np.float64)
    z = z - z.max(axis=1, keepdims=True)
    true = np.take_along_axis(z, ops.convert_to_numpy(labels)[:, None], axis=1)[:, 0]
    b, low, high = 1.0, 1 / 50, 20.0
    for _ in range(60):
        p = np.exp(b * z)
        p /= p.sum(axis=1, keepdims=True)
        mean = (p * z).sum(axis=1)
        slope = (mean - true).mean()
        curvature = ((p * z**2).sum(axis=1) - mean**2).mean()
        if slope > 0:
            high = b
        else:
            low = b
        new = b - slope / curvature if curvature > 1e-12 else -1.0
        b = new if low < new < high else (low * high) ** 0.5
    return 1 / b


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    classes = np.array([10, 100, 1000])
    gaps = optimal_smoothed_logit_gap(classes, 0.1)
    floors = []
    for gap, k in zip(gaps, classes):
        row = np.zeros((1, int(k)), dtype="float32")
        row[:, 0] = gap
        floors.append(ops.convert_to_numpy(smoothed_cross_entropy(row, np.zeros(1, dtype="int32"), 0.1)).item())
    logits, labels = forecaster()
    exp = np.exp(logits.astype("float64"))
    before = exp / exp.sum(axis=-1, keepdims=True)
    after = np.sqrt(exp) / np.sqrt(exp).sum(axis=-1, keepdims=True)
    return {
        "gaps": gaps,
        "floors": np.array(floors),
        "temperature": fit_temperature(logits, labels),
        "errors": np.array([expected_calibration_error(before, labels), expected_calibration_error(after, labels)]),
        "before": reliability_curve(before, labels)[1],
        "after": reliability_curve(after, labels)[1],
        "answer_1": np.divide(0.2, 9),
        "answer_2": [1, 0, 0, 1, 0],
    }
