"""Mistakes in LayerNorm."""

from __future__ import annotations

import keras
from keras import ops

from solutions.registry import Registry
from solutions.vit import reference

KNOWN = Registry("LayerNorm")
ALONE = "Normalise each vector individually: change token 3, and token 0 must not move."


def call_variant(name, hint, call):
    """Register a LayerNorm whose call is call(layer, x)."""
    return KNOWN.wrong(hint)(type(name, (reference.LayerNorm,), {"call": call}))


def deviation(x, axis=-1):
    """x without its mean, and its variance."""
    centred = x - ops.mean(x, axis=axis, keepdims=True)
    return centred, ops.mean(centred * centred, axis=axis, keepdims=True)


def over(axis):
    """A call that normalises over other axes."""

    def call(self, x):
        centred, variance = deviation(x, axis(x))
        return centred / ops.sqrt(variance + self.epsilon) * self.gamma + self.beta

    return call


def scaled(change):
    """A call with another denominator: change(variance, epsilon, D)."""

    def call(self, x):
        centred, variance = deviation(x)
        return centred / change(variance, self.epsilon, x.shape[-1]) * self.gamma + self.beta

    return call


def shifted(change):
    """A call with another end: change(normalised, gamma, beta)."""

    def call(self, x):
        centred, variance = deviation(x)
        return change(centred / ops.sqrt(variance + self.epsilon), self.gamma, self.beta)

    return call


call_variant("over_tokens", f"{ALONE} Over which axis do you take the mean?", over(lambda x: -2))
call_variant(
    "over_tokens_and_features",
    f"{ALONE} Yours has one mean for a whole image.",
    over(lambda x: tuple(range(1, x.ndim))),
)
call_variant(
    "over_the_batch",
    "Run one image alone and in a batch of two: its output must not change. Over which axis do you take the mean?",
    over(lambda x: 0),
)
call_variant(
    "over_everything", f"{ALONE} Yours has one mean for the whole batch.", over(lambda x: tuple(range(x.ndim)))
)
call_variant(
    "epsilon_outside_the_root",
    "Where does epsilon stand in the formula, inside the root or outside? Try tiny inputs.",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance) + epsilon),
)
call_variant(
    "epsilon_squared",
    "Which epsilon is added to the variance? Yours has been squared on the way.",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance + epsilon**2)),
)
call_variant(
    "epsilon_of_keras",
    "Which epsilon does the layer receive, and which does it use? Try tiny inputs.",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance + 1e-3)),
)
call_variant(
    "epsilon_always_the_default",
    "Your layer is right as long as nobody passes an epsilon of their own. Does it get from __init__ to call?",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance + 1e-6)),
)
call_variant(
    "no_epsilon",
    "Where is epsilon? Try a vector whose numbers are nearly equal.",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance)),
)
call_variant(
    "divided_by_d_minus_1",
    "The mean square deviation: is it divided by D or by D - 1? Some libraries correct for samples.",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance * d / (d - 1) + epsilon)),
)
call_variant(
    "sum_of_squares",
    "Your vectors all have length 1. The mean of the squares is asked for, not their sum.",
    scaled(lambda variance, epsilon, d: ops.sqrt(variance * d + epsilon)),
)
call_variant(
    "no_root",
    "Double x: your result should stay, and it is halved. What stands around the variance in the formula?",
    scaled(lambda variance, epsilon, d: variance + epsilon),
)
call_variant(
    "not_scaled",
    "Double x: your result should stay, and it doubles. What is the centred vector divided by?",
    scaled(lambda variance, epsilon, d: 1.0),
)
call_variant(
    "no_gamma",
    "Fresh gammas are 1, so nobody sees it at first. Where does gamma come into your call?",
    shifted(lambda normal, gamma, beta: normal + beta),
)
call_variant(
    "no_beta",
    "Fresh betas are 0, so nobody sees it at first. Where does beta come into your call?",
    shifted(lambda normal, gamma, beta: normal * gamma),
)
call_variant(
    "neither_gamma_nor_beta",
    "Fresh gammas and betas change nothing, so nobody sees it at first. Where are they used?",
    shifted(lambda normal, gamma, beta: normal),
)
call_variant(
    "gamma_and_beta_swapped",
    "One of the two weights multiplies, the other is added. Which one is which?",
    shifted(lambda normal, gamma, beta: normal * beta + gamma),
)
call_variant(
    "beta_inside_the_product",
    "Is beta multiplied with gamma too? Look where the formula puts it.",
    shifted(lambda normal, gamma, beta: (normal + beta) * gamma),
)
call_variant(
    "one_plus_gamma",
    "Some programs start gamma at 0 and multiply with 1 + gamma. Here gamma itself is the factor.",
    shifted(lambda normal, gamma, beta: normal * (1 + gamma) + beta),
)


@KNOWN.wrong("Add 5 to x: the result should stay. What is taken away from x before it is divided?")
class not_centred(reference.LayerNorm):
    def call(self, x):
        return x / ops.sqrt(ops.var(x, axis=-1, keepdims=True) + self.epsilon) * self.gamma + self.beta


@KNOWN.wrong("Add 5 to x: the result should stay. Yours divides by the root of the mean square, as RMSNorm does.")
class root_mean_square(reference.LayerNorm):
    def call(self, x):
        return x / ops.sqrt(ops.mean(x * x, axis=-1, keepdims=True) + self.epsilon) * self.gamma + self.beta


@KNOWN.wrong("The mean is taken away, but the variance is that of numbers around 0. Deviations from what?")
class squares_of_x(reference.LayerNorm):
    def call(self, x):
        centred, _ = deviation(x)
        return centred / ops.sqrt(ops.mean(x * x, axis=-1, keepdims=True) + self.epsilon) * self.gamma + self.beta


@KNOWN.wrong("You divide by the mean absolute deviation. How is a variance made from deviations?")
class absolute_deviation(reference.LayerNorm):
    def call(self, x):
        centred, _ = deviation(x)
        return centred / (ops.mean(ops.abs(centred), -1, keepdims=True) + self.epsilon) * self.gamma + self.beta


class Shaped(reference.LayerNorm):
    """Weights of another shape, or with other options."""

    learns = True

    def build(self, input_shape):
        shape = self.shape_of(input_shape)
        self.gamma = self.add_weight(shape=shape, initializer="ones", trainable=self.learns)
        self.beta = self.add_weight(shape=shape, initializer="zeros", trainable=self.learns)

    def shape_of(self, shape):
        return (shape[-1],)


@KNOWN.wrong("gamma and beta belong to the features: one number for each of the D. Yours know the tokens, too.")
class weights_for_each_token(Shaped):
    def shape_of(self, shape):
        return tuple(shape[1:]) if len(shape) > 2 else tuple(shape)


@KNOWN.wrong("A single gamma for all features? The text gives gamma one number for each of the D.")
class one_number(Shaped):
    def shape_of(self, shape):
        return (1,)


@KNOWN.wrong("gamma and beta would stay as they were made: training cannot change them. Which option says so?")
class frozen(Shaped):
    learns = False


@KNOWN.wrong("Your gamma and beta are there under other names. The text calls them gamma and beta.")
class other_names(reference.LayerNorm):
    def build(self, input_shape):
        self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones")
        self.shift = self.add_weight(shape=(input_shape[-1],), initializer="zeros")

    def call(self, x):
        centred, variance = deviation(x)
        return centred / ops.sqrt(variance + self.epsilon) * self.scale + self.shift


@KNOWN.right("The library's mean and variance are allowed, and a reciprocal root is a root.")
class library_variance(reference.LayerNorm):
    def call(self, x):
        mean, variance = ops.moments(x, axes=[-1], keepdims=True)
        return (x - mean) * ops.rsqrt(variance + self.epsilon) * self.gamma + self.beta


@KNOWN.right("The mean of the squares less the square of the mean is the variance.")
class mean_of_squares_less_square_of_mean(reference.LayerNorm):
    def call(self, x):
        mean = ops.mean(x, axis=-1, keepdims=True)
        variance = ops.mean(x * x, axis=-1, keepdims=True) - mean * mean
        return (x - mean) / ops.sqrt(variance + self.epsilon) * self.gamma + self.beta


@KNOWN.right("A weight may be a Variable, and NumPy may do the arithmetic.")
class with_numpy(reference.LayerNorm):
    def build(self, input_shape):
        self.gamma = keras.Variable(ops.ones((input_shape[-1],)))
        self.beta = keras.Variable(ops.zeros((input_shape[-1],)))

    def call(self, x):
        x, gamma, beta = (ops.convert_to_numpy(value) for value in (x, self.gamma, self.beta))
        return (x - x.mean(-1, keepdims=True)) / (x.var(-1, keepdims=True) + self.epsilon) ** 0.5 * gamma + beta
