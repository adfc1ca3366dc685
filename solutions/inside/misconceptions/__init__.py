"""Wrong answers that students of lesson 11 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.inside.misconceptions import alike, bias, conflict, distance, figure, laws, matrix, rollout

MISCONCEPTIONS = [
    *distance.KNOWN,
    *rollout.KNOWN,
    *alike.KNOWN,
    *matrix.KNOWN,
    *conflict.KNOWN,
    *bias.KNOWN,
    *laws.KNOWN,
    *figure.KNOWN,
]
