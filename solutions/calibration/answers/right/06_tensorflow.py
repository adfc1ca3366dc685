# %%
import numpy as np
import tensorflow as tf
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    return tf.one_hot(
        tf.cast(labels, tf.int32),
        num_classes,
        on_value=1.0 - epsilon + epsilon / num_classes,
        off_value=epsilon / num_classes,
    )


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    # the docstring asks for keras.ops here
    logits = ops.cast(logits, "float32")
    log_p = logits - ops.logsumexp(logits, axis=-1, keepdims=True)
    return ops.mean(-ops.sum(smooth_labels(labels, logits.shape[-1], epsilon) * log_p, axis=-1))


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    low = tf.constant(epsilon / num_classes, tf.float64)
    return tf.math.log(1.0 - epsilon + low) - tf.math.log(low)


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs = tf.cast(probs, tf.float64)
    sure = tf.reduce_max(probs, axis=-1)
    right = tf.cast(tf.argmax(probs, axis=-1) == tf.cast(labels, tf.int64), tf.float64)
    upper = tf.range(1, num_bins + 1, dtype=tf.float64) / num_bins
    place = tf.minimum(tf.searchsorted(upper, sure, side="left"), num_bins - 1)
    confidence = tf.math.unsorted_segment_sum(sure, place, num_bins)
    accuracy = tf.math.unsorted_segment_sum(right, place, num_bins)
    count = tf.math.bincount(place, minlength=num_bins, maxlength=num_bins, dtype=tf.float64)
    return confidence / count, accuracy / count, count  # 0 / 0 is nan


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    confidence, accuracy, count = reliability_curve(probs, labels, num_bins)
    full = count > 0
    confidence, accuracy, count = (tf.boolean_mask(x, full) for x in (confidence, accuracy, count))
    return tf.reduce_sum(count * tf.abs(accuracy - confidence)) / tf.reduce_sum(count)


# %%
def fit_temperature(logits, labels):
    logits, labels = tf.cast(logits, tf.float64), tf.cast(labels, tf.int64)

    @tf.function
    def slope(log_t):
        with tf.GradientTape() as tape:
            tape.watch(log_t)
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits / tf.exp(log_t))
            loss = tf.reduce_mean(losses)
        return tape.gradient(loss, log_t)

    low, high = np.log(0.05), np.log(50.0)
    for _ in range(40):
        middle = (low + high) / 2
        if slope(tf.constant(middle, tf.float64)) > 0:
            high = middle
        else:
            low = middle
    return np.exp((low + high) / 2)


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    gaps = tf.stack([optimal_smoothed_logit_gap(k, 0.1) for k in (10, 100, 1000)])
    floors = []
    for gap, k in zip(gaps, (10, 100, 1000)):
        row = tf.one_hot([0], k) * tf.cast(gap, tf.float32)
        floors.append(smoothed_cross_entropy(row, tf.constant([0]), 0.1))
    logits, labels = forecaster()
    probs = [tf.nn.softmax(logits), tf.nn.softmax(logits / 2)]
    return {
        "gaps": gaps,
        "floors": tf.stack(floors),
        "temperature": tf.constant(fit_temperature(logits, labels)),
        "errors": tf.stack([expected_calibration_error(p, labels) for p in probs]),
        "before": reliability_curve(probs[0], labels)[1],
        "after": reliability_curve(probs[1], labels)[1],
        "answer_1": tf.constant(2 / 90),
        "answer_2": tf.constant([1, 0, 0, 1, 0]),
    }
