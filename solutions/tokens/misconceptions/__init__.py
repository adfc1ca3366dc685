"""Wrong answers that students of lesson 03 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.tokens.misconceptions import cutting, embedding, encoding, figure, joining, kernels, learned, shifts

MISCONCEPTIONS = [
    *cutting.KNOWN,
    *joining.KNOWN,
    *embedding.KNOWN,
    *kernels.KNOWN,
    *encoding.KNOWN,
    *shifts.KNOWN,
    *learned.KNOWN,
    *figure.KNOWN,
]
