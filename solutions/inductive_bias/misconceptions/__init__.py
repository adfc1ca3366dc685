"""Wrong answers that students of lesson 08 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.inductive_bias.misconceptions import (
    blur,
    circular,
    dense,
    error,
    figure,
    hybrid,
    rate,
    scaling,
    shift,
)

MISCONCEPTIONS = [
    *shift.KNOWN,
    *error.KNOWN,
    *circular.KNOWN,
    *rate.KNOWN,
    *blur.KNOWN,
    *dense.KNOWN,
    *hybrid.KNOWN,
    *scaling.KNOWN,
    *figure.KNOWN,
]
