# %%
import dataclasses
import math

import keras
import numpy as np
from keras import ops


# %%
def smooth_labels(labels, num_classes, epsilon):
    true = ops.equal(ops.expand_dims(labels, 1), ops.expand_dims(ops.arange(num_classes), 0))
    return ops.where(true, 1 - epsilon + epsilon / num_classes, epsilon / num_classes)


# %%
class SmoothedLoss(keras.losses.Loss):
    """Against a mixture of the label and of the uniform distribution: the two losses, mixed."""

    def __init__(self, epsilon, **kwargs):
        super().__init__(**kwargs)
        self.epsilon = epsilon
        self.hard = keras.losses.SparseCategoricalCrossentropy(from_logits=True, reduction="none")
        self.uniform = keras.losses.CategoricalCrossentropy(from_logits=True, reduction="none")

    def call(self, y_true, y_pred):
        labels = ops.cast(y_true, "int32")
        even = ops.ones_like(y_pred) / y_pred.shape[-1]
        return (1 - self.epsilon) * self.hard(labels, y_pred) + self.epsilon * self.uniform(even, y_pred)


def smoothed_cross_entropy(logits, labels, epsilon):
    return SmoothedLoss(epsilon)(labels, logits)


# %%
@dataclasses.dataclass
class Softened:
    num_classes: int
    epsilon: float

    @property
    def low(self):
        return self.epsilon / self.num_classes

    @property
    def high(self):
        return 1 - self.epsilon + self.low

    @property
    def gap(self):
        return math.log(self.high / self.low)


def optimal_smoothed_logit_gap(num_classes, epsilon):
    return Softened(num_classes, epsilon).gap


# %%
class Bin:
    def __init__(self, low, high):
        self.low, self.high, self.sure, self.right = low, high, [], []

    def __contains__(self, confidence):
        return self.low < confidence <= self.high

    def __len__(self):
        return len(self.sure)

    def add(self, confidence, right):
        self.sure.append(confidence)
        self.right.append(right)

    @property
    def confidence(self):
        return np.mean(self.sure) if self.sure else np.nan

    @property
    def accuracy(self):
        return np.mean(self.right) if self.right else np.nan


class Diagram:
    def __init__(self, probs, labels, num_bins):
        self.bins = [Bin(i / num_bins, (i + 1) / num_bins) for i in range(num_bins)]
        for row, label in zip(np.asarray(probs, dtype=float), np.asarray(labels)):
            next(b for b in self.bins if row.max() in b).add(row.max(), row.argmax() == label)

    def error(self):
        full = [b for b in self.bins if len(b)]
        return sum(len(b) * abs(b.accuracy - b.confidence) for b in full) / sum(map(len, full))


def expected_calibration_error(probs, labels, num_bins=10):
    return Diagram(probs, labels, num_bins).error()


# %%
def reliability_curve(probs, labels, num_bins=10):
    bins = Diagram(probs, labels, num_bins).bins
    return tuple(np.array([f(b) for b in bins]) for f in (lambda b: b.confidence, lambda b: b.accuracy, len))


# %%
class TernarySearch:
    def __init__(self, low, high, steps=70):
        self.low, self.high, self.steps = low, high, steps

    def __call__(self, function):
        low, high = self.low, self.high
        for _ in range(self.steps):
            third = (high - low) / 3
            if function(low + third) > function(high - third):
                low += third
            else:
                high -= third
        return (low + high) / 2


def fit_temperature(logits, labels):
    logits = np.asarray(logits, dtype=np.float64)
    own = np.take_along_axis(logits, np.asarray(labels)[:, None], axis=1)

    def surprise(log_t):
        relative = (logits - own) / np.exp(log_t)
        return np.logaddexp.reduce(relative, axis=1).mean()

    return float(np.exp(TernarySearch(np.log(0.05), np.log(50))(surprise)))


# %%
def forecaster(count=400, seed=5):
    """Given in the notebook."""
    random = np.random.RandomState(seed)
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels

# %%
class Figure:
    classes = (10, 100, 1000)
    epsilon = 0.1

    def valley(self):
        gaps = [optimal_smoothed_logit_gap(k, self.epsilon) for k in self.classes]
        rows = [np.r_[gap, np.zeros(k - 1)][None].astype("float32") for gap, k in zip(gaps, self.classes)]
        floors = [float(smoothed_cross_entropy(row, np.array([0]), self.epsilon)) for row in rows]
        return {"gaps": np.array(gaps), "floors": np.array(floors)}

    def diagrams(self):
        logits, labels = forecaster()
        loud, calm = (Diagram(ops.convert_to_numpy(ops.softmax(z)), labels, 10) for z in (logits, logits / 2))
        return {
            "temperature": fit_temperature(logits, labels),
            "errors": np.array([loud.error(), calm.error()]),
            "before": np.array([b.accuracy for b in loud.bins]),
            "after": np.array([b.accuracy for b in calm.bins]),
        }


def figure():
    made = Figure()
    return {**made.valley(), **made.diagrams(), "answer_1": 0.1 / 4.5, "answer_2": [1, 0, 0, 1, 0]}
