"""How sure a model is, and how sure it should be: the reference answers of lesson 06.

B images in a batch, N images on which a model is measured, K classes, M bins, T a temperature.
The lines between the solution marks never leave this folder; the docstrings are what students are told.
"""

import dataclasses
import math

import keras
import numpy as np
from keras import ops
from vitlab import training


def smooth_labels(labels, num_classes, epsilon):
    """Softened targets: (B,) class numbers -> (B, K), each row sums to 1.

    Every class gets epsilon / K, and the true one 1 - epsilon more.

    Args:
        labels: (B,) ints from 0 to num_classes - 1. The batch may lack some classes.
        num_classes: K.
        epsilon: a number, 0 <= epsilon < 1. With 0 the targets are one-hot.

    Returns:
        Floats, (B, K).

    Source: lecture, "Label smoothing (LS)"; Szegedy et al. 2016, section 7.
    """
    ### BEGIN SOLUTION
    one_hot = ops.one_hot(labels, num_classes)
    return (1 - epsilon) * one_hot + epsilon / num_classes
    ### END SOLUTION


def smoothed_cross_entropy(logits, labels, epsilon):
    """The cross-entropy of a model against smoothed labels: one number, the mean over the batch.

    For each image -sum_k target_k log p_k, with target = smooth_labels(labels, K, epsilon) and p = softmax(logits).
    It is right, and so is its gradient, for logits between -1000 and 1000.

    Args:
        logits: (B, K) floats, no probabilities.
        labels: (B,) ints.
        epsilon: as in smooth_labels.

    Returns:
        A number of shape (), natural logarithm. Training uses it, so it is computed with keras.ops or keras.losses.
        The argument `label_smoothing` of keras.losses is what you build here, so it is switched off.

    Source: Szegedy et al. 2016, section 7.
    """
    ### BEGIN SOLUTION
    targets = smooth_labels(labels, logits.shape[-1], epsilon)
    surprise = -ops.sum(targets * ops.log_softmax(logits, axis=-1), axis=-1)
    return ops.mean(surprise)
    ### END SOLUTION


def optimal_smoothed_logit_gap(num_classes, epsilon):
    """How far the true logit lies above the others where the smoothed cross-entropy is smallest: one positive number.

    The other K - 1 logits are equal there.

    Args:
        num_classes: K, at least 2.
        epsilon: a number, 0 < epsilon < 1.

    Source: Müller, Kornblith & Hinton 2019, "When Does Label Smoothing Help?", section 2.
    """
    ### BEGIN SOLUTION
    true, other = 1 - epsilon + epsilon / num_classes, epsilon / num_classes
    return math.log(true / other)
    ### END SOLUTION


def expected_calibration_error(probs, labels, num_bins=10):
    """How far confidence and accuracy lie apart, bin by bin: one number from 0 to 1.

    The confidence of an image is the largest number in its row, and the model is right where the label is that class.
    Bin i of M holds the images with i / M < confidence <= (i + 1) / M. The error is the sum over the bins that are not
    empty of (share of all images that lie in the bin) times |accuracy in the bin - mean confidence in the bin|.

    Args:
        probs: (N, K) floats, rows sum to 1.
        labels: (N,) ints.
        num_bins: M.

    Source: Naeini et al. 2015; Guo et al. 2017, equation 3.
    """
    ### BEGIN SOLUTION
    probs, labels = ops.convert_to_numpy(probs), ops.convert_to_numpy(labels)
    confidence, right = probs.max(axis=-1), probs.argmax(axis=-1) == labels
    bins, error = np.ceil(confidence * num_bins) - 1, 0.0
    for i in range(num_bins):
        inside = bins == i
        if inside.any():
            error += inside.mean() * abs(right[inside].mean() - confidence[inside].mean())
    return error
    ### END SOLUTION


def reliability_curve(probs, labels, num_bins=10):
    """What a reliability diagram shows: the tuple (confidence, accuracy, count), each (M,), the lowest bin first.

    Confidence, right and the bins are those of expected_calibration_error.

    Args:
        probs, labels, num_bins: as there.

    Returns:
        confidence: the mean confidence of the images in each bin, nan where there are none.
        accuracy: the share of them on which the model is right, nan where there are none.
        count: how many they are, ints or floats.

    Source: Guo et al. 2017, section 2 and figure 1; DeGroot & Fienberg 1983.
    """
    ### BEGIN SOLUTION
    probs, labels = ops.convert_to_numpy(probs), ops.convert_to_numpy(labels)
    confidence, right = probs.max(axis=-1), probs.argmax(axis=-1) == labels
    bins = np.ceil(confidence * num_bins) - 1
    members = [np.flatnonzero(bins == i) for i in range(num_bins)]
    means = [(confidence[own].mean(), right[own].mean()) if len(own) else (np.nan, np.nan) for own in members]
    return *np.transpose(means), np.array([len(own) for own in members])
    ### END SOLUTION


def fit_temperature(logits, labels):
    """The temperature T > 0 at which softmax(logits / T) fits the labels best: one number.

    Best is where the mean of -log p[label] is smallest: the cross-entropy with the labels as they are, unsmoothed.

    Args:
        logits: (N, K) floats, N up to 500.
        labels: (N,) ints.

    Returns:
        T, between 0.3 and 10 in all graded cases, and within 1 % of the best one. How you find it is up to you.

    Source: Guo et al. 2017, section 4.2.
    """
    ### BEGIN SOLUTION
    logits, labels = ops.convert_to_numpy(logits).astype("float64"), ops.convert_to_numpy(labels)

    def surprise(log_t):
        scaled = logits / math.exp(log_t)
        scaled = scaled - scaled.max(axis=-1, keepdims=True)
        return np.mean(np.log(np.exp(scaled).sum(axis=-1)) - scaled[np.arange(len(labels)), labels])

    low, high = math.log(0.05), math.log(50)
    for _ in range(60):  # the valley has one bottom: the third that is farther from it falls away
        left, right = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, right) if surprise(left) < surprise(right) else (left, high)
    return math.exp((low + high) / 2)
    ### END SOLUTION


class LearnedPositionEmbedding(keras.layers.Layer):
    """From lesson 3: tokens (B, N, dim) plus one learned vector for each position, the weight embeddings (N, dim)."""

    def __init__(self, num_tokens, dim, **kwargs):
        super().__init__(**kwargs)
        self.embeddings = self.add_weight(shape=(num_tokens, dim), initializer="random_normal", name="embeddings")

    def call(self, tokens):
        """tokens (B, N, dim) -> the same shape."""
        return tokens + self.embeddings


def small_vit(image_size=32, patch_size=8, num_classes=8, dim=48, depth=2, num_heads=4, mlp_dim=96):
    """The Vision Transformer of lesson 4 from Keras's layers, with the mean of its tokens in place of CLS.

    Images (B, H, W, 3) in [0, 1] -> logits (B, K). The arguments are those of lesson 4.
    """
    layers, size = keras.layers, {"num_heads": num_heads, "key_dim": dim // num_heads}
    count = (image_size // patch_size) ** 2
    images = keras.Input((image_size, image_size, 3))
    tokens = layers.Conv2D(dim, patch_size, strides=patch_size, name="patches")(images)
    tokens = LearnedPositionEmbedding(count, dim, name="positions")(layers.Reshape((count, dim))(tokens))
    for i in range(depth):
        normed = layers.LayerNormalization(epsilon=1e-6, name=f"norm1_{i}")(tokens)
        tokens = layers.add([tokens, layers.MultiHeadAttention(**size, name=f"attention_{i}")(normed, normed)])
        hidden = layers.LayerNormalization(epsilon=1e-6, name=f"norm2_{i}")(tokens)
        hidden = layers.Dense(mlp_dim, activation="gelu", name=f"fc1_{i}")(hidden)
        tokens = layers.add([tokens, layers.Dense(dim, name=f"fc2_{i}")(hidden)])
    average = layers.GlobalAveragePooling1D()(layers.LayerNormalization(epsilon=1e-6, name="norm")(tokens))
    return keras.Model(images, layers.Dense(num_classes, name="head")(average))


class Pair(keras.Model):
    """Two models of one size in one file: images (B, H, W, 3) -> logits (B, 2, K), of `plain` and of `smoothed`."""

    def __init__(self, **sizes):
        super().__init__()
        self.plain, self.smoothed = small_vit(**sizes), small_vit(**sizes)

    def call(self, images, training=None):
        """Images (B, H, W, 3) -> logits (B, 2, K)."""
        return ops.stack([self.plain(images, training=training), self.smoothed(images, training=training)], axis=1)


def by_heart(data):
    """(recipe, sizes): a budget by which 2,000 pictures are learnt by heart, and the arguments for small_vit.

    data: as train_smoothed gets them.
    """
    recipe = training.budget(dataset=data)
    few = {"images": min(2_000, recipe.images), "epochs": 2 * recipe.epochs, "batch_size": 50}
    recipe = dataclasses.replace(recipe, **few, flip=False, crop=0)
    taken = ("image_size", "patch_size", "dim", "depth", "num_heads", "mlp_dim")
    return recipe, {"num_classes": 8, **{name: recipe.model[name] for name in taken}}


def train_smoothed(data, seed, epsilon):
    """Train a small_vit with label smoothing on few pictures, until it knows them by heart: -> (model, history).

    Args:
        data: ((x_train, y_train), (x_test, y_test)): images (n, 32, 32, 3) float32 in [0, 1], labels (n,) ints.
        seed: an int for keras.utils.set_random_seed, so that the same seed gives the same model.
        epsilon: of smoothed_cross_entropy, the loss that is made small.

    Returns:
        model: small_vit(**sizes), trained on the first recipe.images pictures, recipe and sizes from by_heart(data).
        history: what fit returns.

    Source: Szegedy et al. 2016, section 7; Müller et al. 2019.
    """
    ### BEGIN SOLUTION
    keras.utils.set_random_seed(seed)
    ((images, labels), _), (recipe, sizes) = data, by_heart(data)
    images, labels = images[: recipe.images], labels[: recipe.images]

    def loss(labels, logits):
        return smoothed_cross_entropy(logits, ops.cast(labels, "int32"), epsilon)

    model, steps = small_vit(**sizes), len(images) // recipe.batch_size * recipe.epochs
    training.compile_for(model, recipe, steps, loss=loss)
    return model, model.fit(images, labels, batch_size=recipe.batch_size, epochs=recipe.epochs, verbose=0)
    ### END SOLUTION


def forecaster(count=400, seed=5):
    """A model made up for practice: (logits (count, 10) float32, labels (count,)). It is too sure of itself.

    What it says of each picture is the truth, with the sharpness doubled: the labels are drawn by softmax(logits / 2).
    """
    random = np.random.RandomState(seed)  # its numbers are the same in every version of NumPy
    truth = 1.5 * random.normal(size=(count, 10))
    labels = np.argmax(truth + random.gumbel(size=truth.shape), axis=-1)
    return (2 * truth).astype("float32"), labels


def figure():
    """The numbers behind your plots, and two answers: -> dict of arrays and numbers.

    "gaps" (3,): optimal_smoothed_logit_gap for 10, 100 and 1000 classes, epsilon 0.1.
    "floors" (3,): smoothed_cross_entropy of one image at these gaps, epsilon 0.1: the true logit is the gap, the
        others are 0. No model can do better.
    For logits, labels = forecaster():
    "temperature": fit_temperature of all of them.
    "errors" (2,): expected_calibration_error with 10 bins, of softmax(logits) and of softmax(logits / 2).
    "before" and "after" (10,): the accuracies of reliability_curve with 10 bins, of the same two.
    "answer_1": a number. "answer_2": five numbers, each 0 or 1. The questions stand in the text above.
    """
    ### BEGIN SOLUTION
    gaps = [optimal_smoothed_logit_gap(k, 0.1) for k in (10, 100, 1000)]
    rows = [gap * np.eye(1, k, dtype="float32") for gap, k in zip(gaps, (10, 100, 1000), strict=True)]
    logits, truth = forecaster()
    probs = [ops.softmax(logits / t, axis=-1) for t in (1, 2)]
    return {
        "gaps": np.array(gaps),
        "floors": np.array([float(smoothed_cross_entropy(row, np.array([0]), 0.1)) for row in rows]),
        "temperature": fit_temperature(logits, truth),
        "errors": np.array([expected_calibration_error(own, truth) for own in probs]),
        "before": reliability_curve(probs[0], truth)[1],
        "after": reliability_curve(probs[1], truth)[1],
        "answer_1": 2 / 90,
        "answer_2": np.array([1, 0, 0, 1, 0]),
    }
    ### END SOLUTION
