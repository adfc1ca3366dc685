"""Mistakes in fit_power_law."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("fit_power_law")


def points(n, error):
    """Both as float64."""
    return (ops.convert_to_numpy(z).astype(float) for z in (n, error))


def line(x, y):
    """Slope and height of the straight line through points."""
    slope, height = np.polyfit(x, y, 1)
    return slope, height


def search(n, error, exponents=None):
    """The best law by trying every exponent: (a, b, c)."""
    tried = np.arange(0.1, 1.8, 0.001) if exponents is None else np.asarray(exponents, float)
    power = n ** -tried[:, None]
    middle = power.mean(axis=1)
    a = (power * error).mean(axis=1) - middle * error.mean()
    a = a / ((power**2).mean(axis=1) - middle**2)
    c = error.mean() - a * middle
    best = np.argmin(np.square(a[:, None] * power + c[:, None] - error).sum(axis=1))
    return float(a[best]), float(tried[best]), float(c[best])


def other_fit(name, hint, fit):
    """Register another way of fitting: fit(n, error) of float64 arrays."""

    def measure(n, error):
        return fit(*points(n, error))

    measure.__name__ = name
    return KNOWN.wrong(hint)(measure)


def straight(n, error):
    """A straight line where both axes are logarithmic: (a, b)."""
    slope, height = line(np.log(n), np.log(error))
    return np.exp(height), -slope


def below(n, error, floor):
    """A straight line after a floor is taken off, without the points that lie on it: (a, b, floor)."""
    above = error > floor + 1e-9
    return (*straight(n[above], error[above] - floor), floor)


other_fit(
    "no_floor",
    "Where both axes are logarithmic, your law is a straight line. Do the points lie on one? What is left when n grows "
    "without end?",
    lambda n, error: (*straight(n, error), 0.0),
)
other_fit(
    "exponent_of_a_straight_line",
    "You take b from a straight line where both axes are logarithmic. But there a law with a floor is bent. What "
    "becomes of the slope if you leave out the first points, or the last ones?",
    lambda n, error: search(n, error, [-line(np.log(n), np.log(error))[0]]),
)
other_fit(
    "smallest_error_for_the_floor",
    "You take the smallest error for the floor. More data would make it smaller still: floors lie below all points.",
    lambda n, error: below(n, error, error.min()),
)
other_fit(
    "last_error_for_the_floor",
    "You take the last error for the floor. The points come in any order, and the floor lies below all of them.",
    lambda n, error: (lambda c: (*straight(n[:-1], np.maximum(error[:-1] - c, 1e-3)), c))(error[-1]),
)
other_fit(
    "first_and_last_point",
    "Two points are enough for two unknowns. How many are there here? And do the points come in order?",
    lambda n, error: (lambda b: (error[0] * n[0] ** b, b, 0.0))(-np.log(error[-1] / error[0]) / np.log(n[-1] / n[0])),
)
other_fit(
    "negative_exponent",
    "The minus stands in the law already. Which sign has b then, if the error falls?",
    lambda n, error: (lambda a, b, c: (a, -b, c))(*search(n, error)),
)
other_fit(
    "accuracies",
    "You have fitted what is right, not what is wrong: your curve rises. Which of the two has a floor?",
    lambda n, error: search(n, 1 - error),
)
other_fit(
    "in_per_cent",
    "Errors here are from 0 to 1, and so is the floor. Yours are a hundred times as large.",
    lambda n, error: (lambda a, b, c: (100 * a, b, 100 * c))(*search(n, error)),
)
other_fit(
    "logarithm_of_the_factor",
    "The line's height is the logarithm of something. Of what? (And is a straight line the whole law?)",
    lambda n, error: (lambda slope, height: (height, -slope, 0.0))(*line(np.log(n), np.log(error))),
)
other_fit(
    "two_kinds_of_logarithm",
    "One logarithm to the base 10, and then the exponential of another one: which number undoes log10? (And is a "
    "straight line the whole law?)",
    lambda n, error: (lambda slope, height: (np.exp(height), -slope, 0.0))(*line(np.log10(n), np.log10(error))),
)
other_fit(
    "one_axis_alone_in_logarithms",
    "With a logarithm of the error alone, a straight line is an exponential law. It would be at 0 long before the end.",
    lambda n, error: (lambda slope, height: (np.exp(height), -slope, 0.0))(*line(n, np.log(error))),
)
other_fit(
    "logarithmic_law",
    "With a logarithm of n alone, a straight line says that each doubling takes away the same. It ends below 0.",
    lambda n, error: (lambda slope, height: (height, -slope, 0.0))(*line(np.log(n), error)),
)
other_fit(
    "exponent_and_factor_exchanged",
    "All three numbers are right. In which order are they wanted?",
    lambda n, error: (lambda a, b, c: (b, a, c))(*search(n, error)),
)
other_fit(
    "floor_in_the_middle",
    "All three numbers are right. In which order are they wanted?",
    lambda n, error: (lambda a, b, c: (a, c, b))(*search(n, error)),
)
other_fit(
    "floor_left_out",
    "a and b are right. How many numbers has the law?",
    lambda n, error: search(n, error)[:2],
)
other_fit(
    "steps_of_a_quarter",
    "You try exponents in steps of 0.25. A quarter is a lot: how much must the factor change to make up for it?",
    lambda n, error: search(n, error, np.arange(0.25, 1.8, 0.25)),
)
other_fit(
    "steps_of_a_twentieth",
    "You try exponents in steps of about 0.05. Between two neighbours of them, how much must the factor change to make "
    "up for it?",
    lambda n, error: search(n, error, np.arange(0.05, 1.8, 0.05)),
)
other_fit(
    "no_exponent_above_1",
    "Look at the b of the steep law: does it lie at the very end of what you try? Which exponents may come?",
    lambda n, error: search(n, error, np.arange(0.05, 1.0005, 0.001)),
)
other_fit(
    "square_root_assumed",
    "Your exponent is always 1/2. For some networks it is nearer 1/3. The points know it.",
    lambda n, error: search(n, error, [0.5]),
)
other_fit(
    "one_over_n_assumed",
    "Your exponent is always 1. Errors hardly ever fall that fast. The points know it.",
    lambda n, error: search(n, error, [1.0]),
)
other_fit(
    "thousands_of_images",
    "You count the images in thousands. Then a is the error that a thousand add, not the factor of the text.",
    lambda n, error: search(n / 1000, error),
)
other_fit(
    "gap_to_the_smallest_error",
    "You take the smallest error off before the fit, and never give it back. What is the floor of the law itself?",
    lambda n, error: search(n, error - error.min()),
)
other_fit(
    "taken_for_sorted",
    "You sort the errors and leave n as it is, or the other way round. A point is a pair.",
    lambda n, error: search(n, np.sort(error)[::-1]),
)


@KNOWN.right("First in large steps, then in smaller ones around the best.")
def from_coarse_to_fine(n, error):
    n, error = points(n, error)
    low, high = 0.2, 1.3
    for _ in range(4):
        tried = np.linspace(low, high, 34)
        found = search(n, error, tried)
        low, high = found[1] - 2 * (tried[1] - tried[0]), found[1] + 2 * (tried[1] - tried[0])
    return list(found)


@KNOWN.right("Steps of 0.001 are fine enough.")
def steps_of_a_thousandth(n, error):
    return search(*points(n, error))


@KNOWN.right("Newton's way, from a few starts, on log a, b and c.")
def by_steps_downhill(n, error):
    n, error = points(n, error)
    found = []
    for start in np.arange(0.25, 1.4, 0.15):
        a, b, c = search(n, error, [start])
        for _ in range(60):
            power = n**-b
            slopes = np.column_stack([power, -a * power * np.log(n), np.ones_like(n)])
            step, *_ = np.linalg.lstsq(slopes, error - a * power - c, rcond=None)
            a, b, c = a + step[0], min(max(b + step[1], 0.05), 2), c + step[2]
        found.append((np.sum((a * n**-b + c - error) ** 2), a, b, c))
    return min(found)[1:]
