# %%
import keras
import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    encode = keras.layers.CategoryEncoding(num_tokens=num_classes, output_mode="one_hot")
    hard = encode(ops.expand_dims(ops.cast(labels, "int32"), -1))
    hard = ops.reshape(ops.cast(hard, "float32"), (-1, num_classes))
    return ops.add(ops.multiply(hard, 1 - epsilon), epsilon / num_classes)


# %%
def smoothed_cross_entropy(logits, labels, epsilon):
    logits = ops.convert_to_tensor(logits)
    hard = ops.one_hot(ops.cast(labels, "int32"), logits.shape[-1], dtype=logits.dtype)
    targets = (1 - epsilon) * hard + epsilon / logits.shape[-1]
    return ops.mean(keras.losses.categorical_crossentropy(targets, logits, from_logits=True))


# %%
def optimal_smoothed_logit_gap(num_classes, epsilon):
    targets = ops.convert_to_numpy(smooth_labels(np.array([1]), num_classes, epsilon))[0]
    return float(np.log(targets[1]) - np.log(targets[0]))


# %%
def reliability_curve(probs, labels, num_bins=10):
    probs, labels = ops.convert_to_numpy(probs).astype("float64"), ops.convert_to_numpy(labels)
    confidence = np.max(probs, axis=1)
    right = np.argmax(probs, axis=1) == labels
    groups = [(confidence > i / num_bins) & (confidence <= (i + 1) / num_bins) for i in range(num_bins)]
    mean = lambda values: values.mean() if values.size else np.nan  # noqa: E731
    return (
        np.array([mean(confidence[g]) for g in groups]),
        np.array([mean(right[g]) for g in groups]),
        np.array([np.count_nonzero(g) for g in groups]),
    )


# %%
def expected_calibration_error(probs, labels, num_bins=10):
    confidence, accuracy, count = reliability_curve(probs, labels, num_bins)
    return float(np.nansum(count * np.abs(accuracy - confidence)) / np.sum(count))


# %%
class Thermostat(keras.layers.Layer):
    def build(self, shape):
        self.log_t = self.add_weight(shape=(), initializer="zeros", name="log_t")

    def call(self, logits):
        return logits * ops.exp(-self.log_t)


def fit_temperature(logits, labels):
    logits = ops.convert_to_numpy(logits).astype("float32")
    labels = ops.convert_to_numpy(labels)
    model = keras.Sequential([keras.Input(logits.shape[1:]), Thermostat()])
    speed = keras.optimizers.schedules.CosineDecay(0.3, 150)
    model.compile(keras.optimizers.Adam(speed), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    again, batch = 150, len(logits)
    model.fit(np.tile(logits, (again, 1)), np.tile(labels, again), batch_size=batch, shuffle=False, verbose=0)
    return float(np.exp(ops.convert_to_numpy(model.layers[-1].log_t)))


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
def figure():
    softmax = keras.layers.Softmax()
    logits, labels = forecaster()
    before, after = softmax(logits), softmax(logits / 2)
    gaps = [optimal_smoothed_logit_gap(k, 0.1) for k in (10, 100, 1000)]
    lonely = [gap * np.eye(1, k, 3, dtype="float32") for gap, k in zip(gaps, (10, 100, 1000))]
    return {
        "gaps": gaps,
        "floors": [float(smoothed_cross_entropy(row, np.array([3]), 0.1)) for row in lonely],
        "temperature": fit_temperature(logits, labels),
        "errors": [expected_calibration_error(before, labels), expected_calibration_error(after, labels)],
        "before": reliability_curve(before, labels)[1],
        "after": reliability_curve(after, labels)[1],
        "answer_1": 0.0222,
        "answer_2": [1, 0, 0, 1, 0],
    }
