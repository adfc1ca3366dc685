"""Wrong answers that students of lesson 06 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.calibration.misconceptions import curve, error, figure, gap, loss, targets, temperature

MISCONCEPTIONS = [
    *targets.KNOWN,
    *loss.KNOWN,
    *gap.KNOWN,
    *error.KNOWN,
    *curve.KNOWN,
    *temperature.KNOWN,
    *figure.KNOWN,
]
