"""Wrong answers that students of lesson 01 give, each with the hint that leads out; and right ones that look wrong.

Every variant must fail and be named as itself; every accepted one must pass.
"""

from __future__ import annotations

from solutions.attention.misconceptions import attention, figure, layer, masks, scores, softmax

MISCONCEPTIONS = [
    *scores.KNOWN,
    *softmax.KNOWN,
    *masks.KNOWN,
    *attention.KNOWN,
    *layer.KNOWN,
    *figure.KNOWN,
]
