# %%
import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    hard = ops.one_hot(labels, num_classes)
    return hard - epsilon * (hard - 1 / num_classes)


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    targets = smooth_labels(labels, ops.shape(logits)[-1], epsilon)
    return -ops.mean(ops.sum(ops.multiply(targets, ops.log_softmax(logits)), axis=1))


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    targets = smooth_labels(np.array([0]), num_classes, epsilon)[0]
    return ops.log(targets[0] / targets[1])


# %%
def _bins(probs, labels, num_bins):
    probs, labels = ops.convert_to_tensor(probs), ops.convert_to_tensor(labels)
    confidence = ops.max(probs, axis=-1)
    right = ops.cast(ops.equal(ops.argmax(probs, axis=-1), labels), confidence.dtype)
    place = ops.cast(ops.ceil(confidence * num_bins), "int32") - 1
    place = ops.clip(place, 0, num_bins - 1)

    def summed(x):
        return ops.segment_sum(x, place, num_segments=num_bins)

    return summed(confidence), summed(right), summed(ops.ones_like(confidence))


def expected_calibration_error(probs, labels, num_bins=10):
    confidence, right, count = _bins(probs, labels, num_bins)
    return ops.sum(ops.abs(right - confidence)) / ops.sum(count)


# %%
def reliability_curve(probs, labels, num_bins=10):
    confidence, right, count = _bins(probs, labels, num_bins)
    nothing = ops.full_like(count, float("nan"))
    some = ops.maximum(count, 1)
    return (
        ops.where(count > 0, confidence / some, nothing),
        ops.where(count > 0, right / some, nothing),
        ops.cast(count, "int32"),
    )


# %%
def _losses(logits, labels, temperatures):
    temperatures = ops.cast(temperatures, "float32")
    log_p = ops.log_softmax(logits[None] / temperatures[:, None, None], axis=-1)
    hard = ops.one_hot(labels, logits.shape[-1])
    return -ops.mean(ops.sum(log_p * hard[None], axis=-1), axis=-1)


def fit_temperature(logits, labels):
    logits = ops.cast(logits, "float32")
    coarse = np.geomspace(0.05, 50, 61)
    place = int(ops.argmin(_losses(logits, labels, coarse)))
    fine = np.geomspace(coarse[max(place - 1, 0)], coarse[min(place + 1, 60)], 61)
    return fine[int(ops.argmin(_losses(logits, labels, fine)))]


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    sizes = (10, 100, 1000)
    gaps = ops.stack([optimal_smoothed_logit_gap(k, 0.1) for k in sizes])
    rows = [gaps[i] * ops.one_hot(np.array([0]), k) for i, k in enumerate(sizes)]
    floors = ops.stack([smoothed_cross_entropy(row, np.array([0]), 0.1) for row in rows])
    logits, labels = forecaster()
    loud, calm = ops.softmax(logits), ops.softmax(logits / 2)
    return {
        "gaps": gaps,
        "floors": floors,
        "temperature": fit_temperature(logits, labels),
        "errors": ops.stack([expected_calibration_error(loud, labels), expected_calibration_error(calm, labels)]),
        "before": reliability_curve(loud, labels)[1],
        "after": reliability_curve(calm, labels)[1],
        "answer_1": 1 / 45,
        "answer_2": np.array([1, 0, 0, 1, 0]),
    }
