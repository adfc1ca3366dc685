"""One-sided tolerance bounds: what a given share of all runs exceeds, as far as a few of them can tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, fmean, stdev

import numpy as np

SHARE, CONFIDENCE = 0.99, 0.95
NORMAL = NormalDist()
FINEST = 1e-9


def lower_bound(values: Sequence[float]) -> float:
    """What 99 % of all runs exceed, with 95 % confidence: mean - k sd. Takes their spread over seeds as normal.

    Args:
        values: at least two runs.
    """
    return fmean(values) - tolerance_factor(len(values)) * stdev(values)


def whole_percents(values: Sequence[float], asked: str) -> list[float | None]:
    """What nearly all runs show: [low, high], from the tolerance bounds to the next whole per cent outside.

    Args:
        values: at least two runs.
        asked: "at least", "at most" or "between"; None stands for the end that is not asked for.
    """
    low = (math.ceil(100 * lower_bound(values)) - 1) / 100
    high = (math.floor(-100 * lower_bound([-value for value in values])) + 1) / 100
    return [None if asked == "at most" else low, None if asked == "at least" else high]


def tolerance_factor(count: int) -> float:
    """k of a one-sided normal tolerance bound from `count` values: 5.741 for 5, 3.981 for 10.

    k sqrt(n) is the 95 % point of the noncentral t distribution with n - 1 degrees of freedom and noncentrality
    z sqrt(n), z the 99 % point of the normal one. Source: Natrella 1963, Experimental Statistics, NBS Handbook 91,
    section 2-5 and table A-7.
    """
    shift = NORMAL.inv_cdf(SHARE) * math.sqrt(count)
    low, high = 0.0, 1.0
    while noncentral_t(high, count - 1, shift) < CONFIDENCE:
        high *= 2
    while high - low > FINEST * high:
        middle = (low + high) / 2
        low, high = (middle, high) if noncentral_t(middle, count - 1, shift) < CONFIDENCE else (low, middle)
    return high / math.sqrt(count)


def noncentral_t(t: float, freedom: int, shift: float) -> float:
    """P(T <= t) for t >= 0: the mean of Phi(t u - shift) over u = sqrt(chi-square / freedom)."""
    u = np.linspace(0.0, 1.0 + 9.0 / math.sqrt(freedom), 4001)[1:]
    log_scale = math.log(2.0) + 0.5 * freedom * math.log(0.5 * freedom) - math.lgamma(0.5 * freedom)
    density = np.exp(log_scale + (freedom - 1) * np.log(u) - 0.5 * freedom * u**2)
    below = np.array([NORMAL.cdf(x) for x in t * u - shift])
    return float(np.sum(density * below) * (u[1] - u[0]))
