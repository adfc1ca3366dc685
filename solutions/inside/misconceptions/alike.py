"""Mistakes in linear_cka."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("linear_cka")


def numbers(z):
    """Features as float64."""
    return np.array(ops.convert_to_numpy(z), float)


def centred(z):
    """From each column its mean is taken."""
    return z - np.mean(z, axis=0)


def size(matrix):
    """The Frobenius norm."""
    return np.sqrt(np.sum(matrix**2))


def ratio(x, y, norm=size):
    """The formula of the text, of features that are centred already."""
    return norm(y.T @ x) ** 2 / norm(x.T @ x) / norm(y.T @ y)


def other_features(name, hint, prepare):
    """Register the formula with other features: prepare(x, y) -> both."""

    def measure(x, y):
        return float(ratio(*prepare(numbers(x), numbers(y))))

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


def other_formula(name, hint, formula):
    """Register another formula of features that are centred already."""

    def measure(x, y):
        return float(formula(centred(numbers(x)), centred(numbers(y))))

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


def nuclear(matrix):
    """The sum of the singular values."""
    return np.linalg.svd(matrix, compute_uv=False).sum()


def whitened(z):
    """An orthonormal basis of the columns."""
    left, strengths, _ = np.linalg.svd(z, full_matrices=False)
    return left[:, strengths > 1e-5 * strengths.max()]


def without_diagonal(gram):
    """The biased estimator's diagonal set to 0."""
    return gram - np.diag(np.diag(gram))


other_features(
    "no_centring",
    "Add a constant row to each example and try again. The number should stay, and yours moves. The C in CKA is for "
    "something that comes first.",
    lambda x, y: (x, y),
)
other_features(
    "centres_the_examples",
    "You subtract the mean of each example. It is the mean of each feature, over the examples, that should be 0.",
    lambda x, y: tuple(z - z.mean(axis=1, keepdims=True) for z in (x, y)),
)
other_features(
    "one_mean_for_all",
    "You subtract one number from all features. Is the mean of each column 0 afterwards?",
    lambda x, y: (x - x.mean(), y - y.mean()),
)
other_features(
    "centres_x_alone", "x is centred. What about y?", lambda x, y: (centred(x), y)
)  # fmt: skip
other_features(
    "centres_y_alone", "y is centred. What about x?", lambda x, y: (x, centred(y))
)  # fmt: skip
other_features(
    "unit_variance",
    "You scale each feature to unit variance. The text only moves them: a strong feature may count for more.",
    lambda x, y: tuple(centred(z) / z.std(axis=0) for z in (x, y)),
)
other_features(
    "examples_of_length_one",
    "You divide each example by its length. The formula does no such thing: the norms at its bottom are of matrices.",
    lambda x, y: tuple(centred(z) / np.linalg.norm(centred(z), axis=1, keepdims=True) for z in (x, y)),
)
other_features(
    "whitened_features",
    "With many features yours is near 1 for any two layers. What you compute is a canonical correlation, which makes "
    "every direction equally strong.",
    lambda x, y: (whitened(centred(x)), whitened(centred(y))),
)
other_formula(
    "top_not_squared",
    "Make all features of x twice as large. What happens above the line, what below it? One of the two grows faster.",
    lambda x, y: size(y.T @ x) / size(x.T @ x) / size(y.T @ y),
)
other_formula(
    "bottom_squared",
    "Make all features of x twice as large, and look at the number. Above the line is a square. Are there squares "
    "below it as well? (If you came from HSIC: there was a root.)",
    lambda x, y: (size(y.T @ x) / size(x.T @ x) / size(y.T @ y)) ** 2,
)
other_formula(
    "root_of_all",
    "cka(x, x) is right, and all others are too large. Is there a root around it all in the text?",
    lambda x, y: np.sqrt(ratio(x, y)),
)
other_formula(
    "squared_once_more",
    "cka(x, x) is right, and all others are too small. How many squares are above the line?",
    lambda x, y: ratio(x, y) ** 2,
)
other_formula(
    "distance_in_its_place",
    "Equal layers should have 1, and yours have 0. Is it to say how alike they are, or how different?",
    lambda x, y: 1 - ratio(x, y),
)
other_formula(
    "nuclear_norm",
    "The norm of the text is Frobenius's, the root of the sum of all squares. Which one does your function take?",
    lambda x, y: ratio(x, y, nuclear),
)
other_formula(
    "spectral_norm",
    "The norm of the text is Frobenius's, the root of the sum of all squares. Yours sees the largest direction alone.",
    lambda x, y: ratio(x, y, lambda m: np.linalg.svd(m, compute_uv=False).max()),
)
other_formula(
    "sum_of_sizes",
    "The norm of the text is Frobenius's: squares, a sum, a root. Yours adds up the sizes of the entries.",
    lambda x, y: ratio(x, y, lambda m: np.abs(m).sum()),
)
other_formula(
    "diagonal_removed",
    "Without the diagonal of the products between examples it is another estimator, the unbiased one, which can be "
    "below 0. The text asks for the plain one.",
    lambda x, y: (lambda k, g: np.sum(k * g) / size(k) / size(g))(without_diagonal(x @ x.T), without_diagonal(y @ y.T)),
)
other_formula(
    "bottom_not_of_itself",
    "For x with itself it is right. What stands below the line in the text: products of x with x, or of x with y?",
    lambda x, y: size(y.T @ x) ** 2 / size(x.T @ x) ** 2,
)
other_formula(
    "features_in_place_of_examples",
    "In your products the features are summed over, and that only works where both have equally many. Which axis do x "
    "and y share?",
    lambda x, y: size(x @ y.T) ** 2 / size(x @ x.T) / size(y @ y.T),
)
other_formula(
    "cosine_of_all_numbers",
    "You compare feature 0 of x with feature 0 of y, and so on. But the features of two networks stand in no common "
    "order, nor need there be equally many.",
    lambda x, y: np.sum(x * y) / size(x) / size(y),
)


@KNOWN.wrong(
    "Above the line your features are centred, below it they are not. Centre first, and take the same ones everywhere."
)
def centred_above_alone(x, y):
    x, y = numbers(x), numbers(y)
    return float(size(centred(y).T @ centred(x)) ** 2 / size(x.T @ x) / size(y.T @ y))


@KNOWN.wrong(
    "A small number below the line keeps you from dividing by 0. But features may be small themselves: then it is no "
    "longer small. No graded features are constant, so you may leave it out."
)
def a_small_number_below(x, y):
    x, y = centred(numbers(x)), centred(numbers(y))
    return float(size(y.T @ x) ** 2 / (size(x.T @ x) * size(y.T @ y) + 1e-8))


@KNOWN.wrong("That is the same for any two layers. What does the formula say?")
def always_one(x, y):
    return 1.0


@KNOWN.right("By products between examples, n by n, as with kernels: the way to go for wide features.")
def by_examples(x, y):
    grams = [(lambda z: z @ z.T)(centred(numbers(z))) for z in (x, y)]
    return np.sum(grams[0] * grams[1]) / np.sqrt(np.sum(grams[0] ** 2) * np.sum(grams[1] ** 2))


@KNOWN.right("As HSIC, with the centring matrix on both sides and a factor that cancels.")
def by_hsic(x, y):
    x, y = numbers(x), numbers(y)
    n = len(x)
    h = np.eye(n) - 1 / n

    def hsic(k, g):
        return np.trace(k @ h @ g @ h) / (n - 1) ** 2

    k, g = x @ x.T, y @ y.T
    return hsic(k, g) / np.sqrt(hsic(k, k) * hsic(g, g))


@KNOWN.right("With ops, in single precision.")
def by_ops(x, y):
    x, y = (z - ops.mean(z, axis=0, keepdims=True) for z in (ops.convert_to_tensor(x), ops.convert_to_tensor(y)))
    x, y = x / ops.max(ops.abs(x)), y / ops.max(ops.abs(y))
    top = ops.sum(ops.square(ops.matmul(ops.transpose(y), x)))
    return top / (ops.norm(ops.matmul(ops.transpose(x), x)) * ops.norm(ops.matmul(ops.transpose(y), y)))


@KNOWN.right("By singular values and the angles between directions.")
def by_singular_values(x, y):
    (u, s, _), (v, t, _) = (np.linalg.svd(centred(numbers(z)), full_matrices=False) for z in (x, y))
    top = sum((p * q * np.dot(a, b)) ** 2 for a, p in zip(u.T, s, strict=True) for b, q in zip(v.T, t, strict=True))
    return top / np.sqrt(np.sum(s**4) * np.sum(t**4))
